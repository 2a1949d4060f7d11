/** The colours of the HTML report. A test holds every pair in `TEXT_ON` to WCAG 2.2 AA (4.5:1) in both themes. */

export interface Palette {
  readonly page: string;
  readonly raised: string;
  readonly ink: string;
  readonly quiet: string;
  readonly line: string;
  readonly link: string;
  readonly fail: string;
  readonly failTint: string;
  readonly unknown: string;
  readonly unknownTint: string;
  readonly pass: string;
  readonly passTint: string;
  readonly onFail: string;
}

export const LIGHT: Palette = {
  page: '#ffffff',
  raised: '#f5f6f7',
  ink: '#1a1d21',
  quiet: '#565e67',
  line: '#d9dde1',
  link: '#0b57a4',
  fail: '#b01e17',
  failTint: '#fcecea',
  unknown: '#7a4a00',
  unknownTint: '#fdf1d7',
  pass: '#17653a',
  passTint: '#e6f3ea',
  onFail: '#ffffff',
};

export const DARK: Palette = {
  page: '#121518',
  raised: '#1b1f24',
  ink: '#e3e6e9',
  quiet: '#9ea7b0',
  line: '#30363d',
  link: '#82b7f2',
  fail: '#ff968c',
  failTint: '#38191a',
  unknown: '#eabf67',
  unknownTint: '#30260f',
  pass: '#7fd0a0',
  passTint: '#14291d',
  onFail: '#1b0604',
};

type Colour = keyof Palette;

/** Text colour on background colour, as the style sheet uses them. */
export const TEXT_ON: readonly (readonly [text: Colour, background: Colour])[] = [
  ['ink', 'page'],
  ['ink', 'raised'],
  ['quiet', 'page'],
  ['quiet', 'raised'],
  ['link', 'page'],
  ['link', 'raised'],
  ['fail', 'page'],
  ['fail', 'failTint'],
  ['fail', 'raised'],
  ['unknown', 'page'],
  ['unknown', 'unknownTint'],
  ['unknown', 'raised'],
  ['pass', 'page'],
  ['pass', 'passTint'],
  ['pass', 'raised'],
  ['onFail', 'fail'],
];

/** `--fail-tint: #fcecea; …` */
export const variables = (palette: Palette): string =>
  Object.entries(palette)
    .map(([name, value]) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}: ${String(value)};`)
    .join(' ');
