/** CloudWatch's event ids are 56 decimal digits. */
export const ID_DIGITS = 56;

/** Floats that hold an id's bytes: ASCII, so none is NaN. */
const FLOATS = ID_DIGITS / 8;
const PLACES = 3;
const ENTRY_BYTES = PLACES * ID_DIGITS;
/** A larger text would not be made in V8's young generation, which is several times as dear. */
const ENTRIES_AT_ONCE = 64;
const NONE: readonly string[] = [];

/**
 * The three smallest event ids of each entry, as bytes, so that no string is made before the end. Only ids of 56
 * characters of `0-9:;<=>?`, in the order of their bytes.
 */
export class IdSamples {
  private floats = new Float64Array(0);
  private view = new DataView(this.floats.buffer);
  /** How many ids each entry has. */
  private counts = new Uint8Array(0);

  /** Makes room for `entries` and keeps what is there. */
  grow(entries: number): void {
    const floats = new Float64Array(entries * PLACES * FLOATS);
    floats.set(this.floats);
    const counts = new Uint8Array(entries);
    counts.set(this.counts);
    this.floats = floats;
    this.view = new DataView(floats.buffer);
    this.counts = counts;
  }

  /** `view` has the id at `at`. */
  offer(entry: number, view: DataView, at: number): void {
    const first = entry * PLACES;
    const count = this.counts[entry] ?? 0;
    let place = count;
    while (place > 0 && this.isSmaller(view, at, first + place - 1)) place--;
    if (place === PLACES) return;
    const from = (first + place) * FLOATS;
    if (place < count) {
      this.floats.copyWithin(from + FLOATS, from, (first + Math.min(count, PLACES - 1)) * FLOATS);
    }
    for (let i = 0; i < FLOATS; i++) this.floats[from + i] = view.getFloat64(at + 8 * i, true);
    if (count < PLACES) this.counts[entry] = count + 1;
  }

  move(from: number, to: number): void {
    const size = PLACES * FLOATS;
    this.floats.copyWithin(to * size, from * size, (from + 1) * size);
    this.counts[to] = this.counts[from] ?? 0;
  }

  clear(entry: number): void {
    this.counts[entry] = 0;
  }

  /** The ids of the entries, to be asked for in ascending order. Strings are cut from a text made of many at once. */
  reader(entries: number): (entry: number) => readonly string[] {
    if (!this.counts.subarray(0, entries).some((count) => count > 0)) return () => NONE;
    const bytes = Buffer.from(this.floats.buffer);
    let text = '';
    let from = 0;
    let to = 0;
    return (entry) => {
      if (entry >= to) {
        from = entry;
        to = entry + ENTRIES_AT_ONCE;
        text = bytes.toString('latin1', from * ENTRY_BYTES, to * ENTRY_BYTES);
      }
      const first = (entry - from) * ENTRY_BYTES;
      const ids = [];
      for (let i = 0; i < (this.counts[entry] ?? 0); i++) {
        ids.push(text.slice(first + i * ID_DIGITS, first + (i + 1) * ID_DIGITS));
      }
      return ids;
    };
  }

  /** Four bytes at a time, most significant first, which orders ASCII as text is ordered. */
  private isSmaller(view: DataView, at: number, place: number): boolean {
    const start = place * ID_DIGITS;
    for (let i = 0; i < ID_DIGITS; i += 4) {
      const difference = view.getInt32(at + i) - this.view.getInt32(start + i);
      if (difference !== 0) return difference < 0;
    }
    return false;
  }
}
