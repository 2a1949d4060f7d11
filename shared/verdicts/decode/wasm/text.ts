import { LONGEST_LITERAL, LITERAL_BYTES, PLACE_SHIFT, SET_PLACES, SET_LITERALS } from '../scan-memory';
import { K0, K1 } from './factors';

// @ts-ignore: decorator
@inline
export function differs(at: usize, text: usize): v128 {
  return v128.xor(v128.load(at), v128.load(text));
}

/** Compares a text of at least 16 bytes. Lengths hardly change, so these are branches that the processor guesses. */
// @ts-ignore: decorator
@inline
export function textDiffers(at: usize, text: usize, length: usize): v128 {
  let odd = differs(at + length - 16, text + length - 16);
  if (length <= 16) return odd;
  odd = v128.or(odd, differs(at, text));
  if (length <= 32) return odd;
  odd = v128.or(odd, differs(at + 16, text + 16));
  if (length <= 48) return odd;
  odd = v128.or(odd, differs(at + 32, text + 32));
  if (length <= 64) return odd;
  odd = v128.or(odd, differs(at + 48, text + 48));
  for (let done: usize = 64; done + 16 < length; done += 16) odd = v128.or(odd, differs(at + done, text + done));
  return odd;
}

// @ts-ignore: decorator
@inline
export function blockDiffers(at: usize, literal: usize, mask: usize): v128 {
  return v128.and(differs(at, literal), v128.load(mask));
}

/** The same where lengths keep changing: of every literal as many bytes as the longest has, by its mask. */
// @ts-ignore: decorator
@inline
export function maskedDiffers(at: usize, literal: usize, longest: usize): v128 {
  const mask = literal + LONGEST_LITERAL;
  let odd = v128.or(blockDiffers(at, literal, mask), blockDiffers(at + 16, literal + 16, mask + 16));
  if (longest <= 32) return odd;
  odd = v128.or(odd, blockDiffers(at + 32, literal + 32, mask + 32));
  if (longest <= 48) return odd;
  odd = v128.or(odd, blockDiffers(at + 48, literal + 48, mask + 48));
  if (longest <= 64) return odd;
  for (let done: usize = 64; done < longest; done += 16) {
    odd = v128.or(odd, blockDiffers(at + done, literal + done, mask + done));
  }
  return odd;
}

/** `LiteralSet` has the same in JavaScript. */
// @ts-ignore: decorator
@inline
export function placeOf(set: usize, at: usize): i32 {
  const hash = load<u64>(at + load<i32>(set)) * K0 + load<u64>(at + load<i32>(set, 4)) * K1;
  return load<i32>(set + SET_PLACES + (<usize>(hash >> PLACE_SHIFT) << 2));
}

// @ts-ignore: decorator
@inline
export function literalOf(set: usize, place: i32): usize {
  return set + SET_LITERALS + ((place & 255) - 1) * LITERAL_BYTES;
}

/** What stands at the place of the literal that stands at `at`; 0 where none of the set does. */
export function placeAt(set: usize, at: usize): i32 {
  const place = placeOf(set, at);
  if (place == 0) return 0;
  return v128.any_true(textDiffers(at, literalOf(set, place), place >> 10)) ? 0 : place;
}
