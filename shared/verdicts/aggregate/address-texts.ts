import { formatAddress } from '../decode/address.ts';
import { MAPPED } from './table-layout.ts';

const PLACES = 4096;
const SHIFT = 32 - Math.log2(PLACES);

/** Texts of IPv4 addresses, remembered: a batch names few, each in many flows. Of two with one place the later stays. */
export class AddressTexts {
  private readonly words = new Int32Array(PLACES);
  private readonly texts: string[] = Array.from({ length: PLACES }, () => '');

  /** `word`: an address as a 32-bit integer. */
  of(word: number): string {
    const place = Math.imul(word, 0x9e3779b1) >>> SHIFT;
    const known = this.texts[place] ?? '';
    if (known !== '' && this.words[place] === word) return known;
    const text = formatAddress(0, 0, MAPPED, word);
    this.words[place] = word;
    this.texts[place] = text;
    return text;
  }
}
