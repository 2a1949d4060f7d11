import type { DecodeCounts, UnreadableReason, UnreadableSample } from '../../model/flow.ts';

const SAMPLES = 5;
/** Characters of a line that a sample keeps. */
const SAMPLE_LENGTH = 256;

/** Bytes that surely hold the characters of a sample. */
export const SAMPLE_BYTES = 4 * SAMPLE_LENGTH;

/** Counts lines as they are read. */
export class Tally {
  private denied = 0;
  private accepted = 0;
  private otherVerdicts = 0;
  private repaired = 0;
  private notVerdicts = 0;
  private readonly unreadableBy = new Map<UnreadableReason, number>();
  private readonly notVerdictSamples: string[] = [];
  private readonly unreadableSamples: UnreadableSample[] = [];

  flow(verdict: string, isRepaired: boolean): void {
    if (verdict === 'DENY') this.denied += 1;
    else if (verdict === 'ACCEPT') this.accepted += 1;
    else this.otherVerdicts += 1;
    if (isRepaired) this.repaired += 1;
  }

  flows(denied: number, accepted: number, otherVerdicts: number): void {
    this.denied += denied;
    this.accepted += accepted;
    this.otherVerdicts += otherVerdicts;
  }

  /** `text` is called only while samples are still wanted. */
  notVerdict(text: () => string): void {
    this.notVerdicts += 1;
    if (this.notVerdictSamples.length === SAMPLES) return;
    const sample = text().slice(0, SAMPLE_LENGTH);
    if (sample.trim() !== '') this.notVerdictSamples.push(sample);
  }

  unreadable(reason: UnreadableReason, text: string): void {
    this.unreadableBy.set(reason, (this.unreadableBy.get(reason) ?? 0) + 1);
    if (this.unreadableSamples.length < SAMPLES) {
      this.unreadableSamples.push({ reason, text: text.slice(0, SAMPLE_LENGTH) });
    }
  }

  counts(): DecodeCounts {
    const flows = this.denied + this.accepted + this.otherVerdicts;
    const unreadable = [...this.unreadableBy.values()].reduce((sum, count) => sum + count, 0);
    return {
      lines: flows + this.notVerdicts + unreadable,
      flows,
      denied: this.denied,
      accepted: this.accepted,
      otherVerdicts: this.otherVerdicts,
      repaired: this.repaired,
      notVerdict: this.notVerdicts,
      unreadable,
      unreadableBy: Object.fromEntries(this.unreadableBy),
      notVerdictSamples: this.notVerdictSamples,
      unreadableSamples: this.unreadableSamples,
    };
  }
}

export const NO_COUNTS: DecodeCounts = new Tally().counts();

const firstTexts = (texts: readonly string[]): readonly string[] => [...new Set(texts)].toSorted().slice(0, SAMPLES);

/** Sums counts. Commutative and associative: samples are the first few distinct ones in the order of their text. */
export const addCounts = (a: DecodeCounts, b: DecodeCounts): DecodeCounts => {
  const unreadableBy = new Map<string, number>(Object.entries(a.unreadableBy));
  for (const [reason, count] of Object.entries(b.unreadableBy)) {
    unreadableBy.set(reason, (unreadableBy.get(reason) ?? 0) + count);
  }
  const samples = new Map(
    [...a.unreadableSamples, ...b.unreadableSamples].map((it) => [`${it.reason} ${it.text}`, it]),
  );
  return {
    lines: a.lines + b.lines,
    flows: a.flows + b.flows,
    denied: a.denied + b.denied,
    accepted: a.accepted + b.accepted,
    otherVerdicts: a.otherVerdicts + b.otherVerdicts,
    repaired: a.repaired + b.repaired,
    notVerdict: a.notVerdict + b.notVerdict,
    unreadable: a.unreadable + b.unreadable,
    unreadableBy: Object.fromEntries([...unreadableBy].toSorted(([x], [y]) => (x < y ? -1 : 1))),
    notVerdictSamples: firstTexts([...a.notVerdictSamples, ...b.notVerdictSamples]),
    unreadableSamples: [...samples]
      .toSorted(([x], [y]) => (x < y ? -1 : 1))
      .slice(0, SAMPLES)
      .map(([, sample]) => sample),
  };
};

/** Reasons that concern the payload, not what the line says. */
const isDamage = (reason: string): boolean => reason === 'damaged-event' || reason === 'too-long';

/**
 * The counts of a stream that the control plane writes: whatever a line of it looks like, it is no verdict. Audit events
 * quote request bodies, and anybody who may create an object can put a verdict's text into one.
 */
export const asNotVerdicts = (counts: DecodeCounts): DecodeCounts => {
  const damage = Object.entries(counts.unreadableBy).filter(([reason]) => isDamage(reason));
  const unreadable = damage.reduce((sum, [, count]) => sum + count, 0);
  return {
    ...NO_COUNTS,
    lines: counts.lines,
    notVerdict: counts.lines - unreadable,
    unreadable,
    unreadableBy: Object.fromEntries(damage),
    notVerdictSamples: counts.notVerdictSamples,
    unreadableSamples: counts.unreadableSamples.filter(({ reason }) => isDamage(reason)),
  };
};
