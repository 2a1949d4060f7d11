import type { FlowWords } from '../aggregate/interned.ts';
import type { FlowTable } from '../aggregate/table.ts';
import { LiteralSet } from './literals.ts';
import type { Form } from './shapes.ts';
import { ACCEPTED, DENIED, MOST_HEADS, MOST_MIDDLES, MOST_TAILS, OTHER } from './scan-memory.ts';

const outcomeOf = (verdict: string): number => {
  if (verdict === 'DENY') return DENIED;
  return verdict === 'ACCEPT' ? ACCEPTED : OTHER;
};

/** What is learnt of one form. */
export class Layout {
  readonly form: Form;
  readonly heads = new LiteralSet(MOST_HEADS);
  /** Callers, or nodes: a stream has one node, a file one or two callers. Nodes last no longer than a payload. */
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

  constructor(form: Form) {
    this.form = form;
  }

  get isUsable(): boolean {
    return this.middles.size > 0 && this.tails.size > 0 && (this.form === 'cloudwatch' || this.heads.size > 0);
  }

  get isFull(): boolean {
    return this.heads.isFull || this.middles.isFull || this.tails.isFull;
  }

  /** Takes the numbers that another table gives. */
  bind(table: FlowTable): void {
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
