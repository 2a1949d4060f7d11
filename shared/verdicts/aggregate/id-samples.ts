/** CloudWatch's event ids are 56 decimal digits. */
const DIGITS = 56;

/** Floats that hold an id's bytes: ASCII, so none is NaN. */
const FLOATS = DIGITS / 8;
/** Ids of an entry. */
const PLACES = 3;

/**
 * Integers of an entry, in half a cache line: the slots of its ids, smallest first; how many it has; and, where it has
 * all, the first 16 digits of the largest, which mostly settle that a further id is larger.
 */
const INTS = 8;
const COUNT = 3;
const LARGEST = 4;
const LARGEST_BYTES = 16;

const NONE: readonly string[] = [];
/** Ids turned into text at once. A larger text would leave V8's young generation, which costs several times as much. */
const IDS_AT_ONCE = 128;

/**
 * The three smallest event ids of each entry, as bytes in the order they came, so that no string is made before the end.
 * Only ids of 56 characters of `0-9:;<=>?`, in the order of their bytes.
 */
export class IdSamples {
  private ints = new Int32Array(0);
  private floats = new Float64Array(0);
  private view = new DataView(this.floats.buffer);
  /** Slots in use. */
  private used = 0;

  /** Makes room for `entries` and keeps what is there. */
  grow(entries: number): void {
    const ints = new Int32Array(entries * INTS);
    ints.set(this.ints);
    const floats = new Float64Array(entries * PLACES * FLOATS);
    floats.set(this.floats);
    this.ints = ints;
    this.floats = floats;
    this.view = new DataView(floats.buffer);
  }

  reset(): void {
    if (this.used > 0) this.ints.fill(0);
    this.used = 0;
  }

  /** `view` has the id at `at`. */
  offer(entry: number, view: DataView, at: number): void {
    const { ints } = this;
    const i = entry * INTS;
    const count = ints[i + COUNT] ?? 0;
    if (count === PLACES) {
      for (let word = 0; word < LARGEST_BYTES / 4; word++) {
        const difference = view.getInt32(at + 4 * word) - (ints[i + LARGEST + word] ?? 0);
        if (difference > 0) return;
        if (difference < 0) break;
      }
    }
    this.insert(i, count, view, at);
  }

  private insert(i: number, count: number, view: DataView, at: number): void {
    const { ints, floats } = this;
    let place = count;
    while (place > 0 && this.isSmaller(view, at, ints[i + place - 1] ?? 0)) place--;
    if (place === PLACES) return;
    const slot = count === PLACES ? (ints[i + PLACES - 1] ?? 0) : this.used++;
    for (let later = Math.min(count, PLACES - 1); later > place; later--) ints[i + later] = ints[i + later - 1] ?? 0;
    ints[i + place] = slot;
    ints[i + COUNT] = Math.min(count + 1, PLACES);
    for (let j = 0; j < FLOATS; j++) floats[slot * FLOATS + j] = view.getFloat64(at + 8 * j, true);
    const largest = (ints[i + PLACES - 1] ?? 0) * DIGITS;
    for (let word = 0; word < LARGEST_BYTES / 4; word++)
      ints[i + LARGEST + word] = this.view.getInt32(largest + 4 * word);
  }

  /** Four bytes at a time, most significant first, which orders ASCII as text is ordered. */
  private isSmaller(view: DataView, at: number, slot: number): boolean {
    const start = slot * DIGITS;
    for (let i = 0; i < DIGITS; i += 4) {
      const difference = view.getInt32(at + i) - this.view.getInt32(start + i);
      if (difference !== 0) return difference < 0;
    }
    return false;
  }

  /** Keeps the entries named, numbered anew in their order; there is room for all the old ones. */
  keep(entries: Iterable<number>): void {
    const { ints, floats } = this;
    const bytes = Float64Array.from(floats);
    let used = 0;
    let to = 0;
    for (const entry of entries) {
      const from = entry * INTS;
      ints.copyWithin(to, from, from + INTS);
      for (let place = 0; place < (ints[to + COUNT] ?? 0); place++) {
        const slot = ints[to + place] ?? 0;
        floats.set(bytes.subarray(slot * FLOATS, (slot + 1) * FLOATS), used * FLOATS);
        ints[to + place] = used++;
      }
      to += INTS;
    }
    ints.fill(0, to);
    this.used = used;
  }

  /** The ids of an entry, smallest first. */
  reader(): (entry: number) => readonly string[] {
    if (this.used === 0) return () => NONE;
    const bytes = Buffer.from(this.floats.buffer, 0, this.used * DIGITS);
    const texts: string[] = [];
    const textOf = (slot: number): string => {
      const piece = Math.floor(slot / IDS_AT_ONCE);
      const text = (texts[piece] ??= bytes.toString(
        'latin1',
        piece * IDS_AT_ONCE * DIGITS,
        (piece + 1) * IDS_AT_ONCE * DIGITS,
      ));
      const start = (slot % IDS_AT_ONCE) * DIGITS;
      return text.slice(start, start + DIGITS);
    };
    return (entry) => {
      const i = entry * INTS;
      const ids = [];
      for (let place = 0; place < (this.ints[i + COUNT] ?? 0); place++) ids.push(textOf(this.ints[i + place] ?? 0));
      return ids;
    };
  }
}
