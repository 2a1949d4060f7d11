import { describe, expect, it } from 'vitest';
import type { Palette } from '../../../shared/report/html/theme.ts';
import { DARK, LIGHT, TEXT_ON, variables } from '../../../shared/report/html/theme.ts';

/** https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
const luminance = (colour: string): number => {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((start) => Number.parseInt(colour.slice(start, start + 2), 16) / 255)
    .map((channel) => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

const contrast = (one: string, other: string): number => {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
};

const PAIRS = TEXT_ON.flatMap(([text, background]) => [
  { theme: 'light', palette: LIGHT, text, background },
  { theme: 'dark', palette: DARK, text, background },
]);

describe('contrast', () => {
  it('is measured as WCAG does', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
  });

  it.each(PAIRS)('of $text on $background in the $theme theme is at least 4.5:1', ({ palette, text, background }) => {
    expect(contrast(palette[text], palette[background])).toBeGreaterThanOrEqual(4.5);
  });

  it('is measured for every colour that text can have', () => {
    const surfaces: readonly (keyof Palette)[] = ['page', 'raised', 'line', 'failTint', 'unknownTint', 'passTint'];
    const texts = Object.keys(LIGHT).filter((name) => !surfaces.some((surface) => surface === name));
    expect([...new Set(TEXT_ON.map(([text]) => text))].toSorted()).toEqual(texts.toSorted());
  });
});

describe('variables', () => {
  it('names a colour as the style sheet does', () => {
    expect(variables(LIGHT)).toContain('--fail-tint: #fcecea;');
  });
});
