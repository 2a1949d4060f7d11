import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../shared/verdicts/decode/address.ts';
import {
  ADDRESS_SLOTS,
  AddressReader,
  EpochReader,
  MinuteReader,
  PortReader,
} from '../../../shared/verdicts/decode/fields.ts';

const viewOf = (text: string): DataView => {
  const bytes = Buffer.alloc(text.length + 128);
  bytes.write(text, 'latin1');
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
};

/** The words and the length of what was read, as the reference parser would give them. */
const read = (reader: AddressReader, text: string, slot = 7): { words: number[]; length: number } | undefined => {
  const view = viewOf(`${text};DPORT: 53`);
  const at = reader.read(view, 0, slot);
  if (at < 0) return undefined;
  const words = new Int32Array(8);
  reader.copy(at === ADDRESS_SLOTS, reader.ints[8 * at + 5] ?? 0, words, 4);
  return { words: [...words.subarray(4)], length: reader.ints[8 * at + 4] ?? 0 };
};

describe('AddressReader', () => {
  it('reads of any address what the reference parser reads, or nothing', () => {
    const reader = new AddressReader();
    const text = fc.oneof(fc.ipV4(), fc.ipV6(), fc.stringMatching(/^[0-9a-f:.]{1,20}$/));
    fc.assert(
      fc.property(text, (address) => {
        const got = read(reader, address);
        const expected = parseAddress(address);
        if (got === undefined || got.length !== address.length) return;
        expect({ words: got.words, repaired: false }).toEqual(expected);
      }),
      { numRuns: 5000 },
    );
  });

  it.each(['10.0.40.9', '255.255.255.255', '0.0.0.0', '::', '::1', '1::', 'fd00:10::17', '1:2:3:4:5:6:7:8'])(
    'reads the canonical address %s',
    (address) => {
      expect(read(new AddressReader(), address)).toEqual({
        words: [...(parseAddress(address)?.words ?? [])],
        length: address.length,
      });
    },
  );

  it.each(['10.0.24', '01.1.1.1', '256.1.1.1', '1:2:3:4:5:6:7:8:9', '1::2::3', ':1', '1:', '12345::', 'x'])(
    'leaves %s to the reference parser',
    (address) => {
      expect(read(new AddressReader(), address)).toBeUndefined();
    },
  );
});

describe('PortReader', () => {
  it('reads ports in canonical spelling up to 65535', () => {
    const ports = new PortReader();
    for (const text of ['0', '7', '53', '443', '8080', '65535', '65536', '99999', '080', '00', '', 'x', '123456']) {
      const slot = ports.read(viewOf(`${text}\nnext`), 0, 3);
      const isCanonical = /^(?:0|[1-9]\d{0,4})/.test(text) && Number(text.slice(0, 5)) <= 65_535 && !/^0\d/.test(text);
      expect([text, slot]).toEqual([text, isCanonical ? 3 : -1]);
      if (!isCanonical) continue;
      const packed = ports.ints[4 * slot + 2] ?? 0;
      expect([packed >> 3, packed & 7]).toEqual([Number(text.slice(0, 5)), Math.min(text.length, 5)]);
    }
  });
});

describe('times', () => {
  it('of events are thirteen digits', () => {
    const epochs = new EpochReader();
    expect(epochs.read(viewOf('1787393730512,'), 0)).toBe(1_787_393_730_512);
    expect(epochs.read(viewOf('1787393799999,'), 0)).toBe(1_787_393_799_999);
    for (const text of ['0787393730512', '17873937305x2', '178739373051x', '1787x93730512', '178739373']) {
      expect([text, epochs.read(viewOf(text), 0)]).toEqual([text, -1]);
    }
  });

  it('of lines begin with a minute that exists', () => {
    const minutes = new MinuteReader();
    expect(minutes.read(viewOf('2026-04-13T21:18:46.888Z'), 0)).toBe(true);
    expect(minutes.start).toBe(Date.UTC(2026, 3, 13, 21, 18));
    expect(minutes.read(viewOf('2026-02-30T21:18:46.888Z'), 0)).toBe(false);
  });
});
