import type { FlowWords } from '../aggregate/interned.ts';
import type { FlowTable } from '../aggregate/table.ts';
import { LiteralSet, ShortLiteral } from './literals.ts';
import { INNER } from './shapes.ts';
import type { Form } from './shapes.ts';

export const DENIED = 0;
export const ACCEPTED = 1;
export const OTHER = 2;

const outcomeOf = (verdict: string): number => {
  if (verdict === 'DENY') return DENIED;
  return verdict === 'ACCEPT' ? ACCEPTED : OTHER;
};

export const MOST_HEADS = 8;
/** Callers, or nodes: a stream has one node, a file one or two callers. */
export const MOST_MIDDLES = 32;
export const MOST_TAILS = 128;

let versions = 0;

/** What is learnt of one form. */
export class Layout {
  readonly form: Form;
  /** Another number whenever a literal has come or gone; no two layouts share one. */
  version = versions++;
  readonly heads = new LiteralSet(MOST_HEADS);
  /** Those of CloudWatch name a node, and so last no longer than a payload. */
  middles = new LiteralSet(MOST_MIDDLES);
  readonly tails = new LiteralSet(MOST_TAILS);
  /** Bits of nodes, by number of the middle. */
  nodes: number[] = [];
  /** What the tails say, by number. */
  private readonly named: { readonly words: FlowWords; readonly tier: string | undefined }[] = [];
  /** DENIED, ACCEPTED or OTHER, by number of the tail. */
  readonly outcomes: number[] = [];
  /** The numbers that the table gave, by number of the tail. */
  readonly words: number[] = [];
  readonly tiers: number[] = [];
  readonly afterSource: ShortLiteral;
  readonly afterPort: ShortLiteral;
  readonly afterDestination: ShortLiteral;

  constructor(form: Form) {
    this.form = form;
    const [afterSource, afterPort, afterDestination] = INNER[form];
    this.afterSource = new ShortLiteral(afterSource);
    this.afterPort = new ShortLiteral(afterPort);
    this.afterDestination = new ShortLiteral(afterDestination);
  }

  get isUsable(): boolean {
    return this.middles.size > 0 && this.tails.size > 0 && (this.form === 'cloudwatch' || this.heads.size > 0);
  }

  get isFull(): boolean {
    return this.heads.isFull || this.middles.isFull || this.tails.isFull;
  }

  touch(): void {
    this.version = versions++;
  }

  /** Takes the numbers that another table gives. */
  bind(table: FlowTable): void {
    this.touch();
    if (this.form === 'cloudwatch') {
      this.middles = new LiteralSet(MOST_MIDDLES);
      this.nodes = [];
    }
    for (const [tail, { words, tier }] of this.named.entries()) this.name(tail, words, tier, table);
  }

  /** Says what a tail says. */
  name(tail: number, words: FlowWords, tier: string | undefined, table: FlowTable): void {
    this.named[tail] = { words, tier };
    this.outcomes[tail] = outcomeOf(words.verdict);
    const id = table.words.idOf(words);
    table.words.pin(id);
    this.words[tail] = id;
    this.tiers[tail] = tier === undefined ? 0 : table.tiers.bitOf(tier);
  }
}
