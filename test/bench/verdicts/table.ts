export const number = (value: number | undefined, digits = 2): string =>
  value === undefined ? '-' : value.toFixed(digits);

export const row = (cells: readonly string[]): void => {
  process.stdout.write(`${cells.map((text, i) => (i === 0 ? text.padEnd(16) : text.padStart(10))).join('')}\n`);
};
