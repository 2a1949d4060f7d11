/** Characters that a terminal or a bidirectional layout acts on, which JSON itself lets through. */
const ACTING = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu;

const escaped = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('');

/** JSON whose text shows what it holds; it reads back as the same value. */
export const inertJson = (value: unknown, space?: number): string =>
  JSON.stringify(value, undefined, space).replace(ACTING, escaped);
