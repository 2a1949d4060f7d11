/** Most UTF-16 units kept of a string that comes from outside. A longer one is cut and then ends in `…`. */
export const MAX_TEXT = 4096;

/** The same for an annotation's value: annotations hold whole documents, and a check reads at most a flag. */
export const MAX_ANNOTATION = 256;

/** The same for a detail, a message and anything else that is printed on one line. */
export const MAX_LINE = 300;

export const bounded = (text: string, max: number = MAX_TEXT): string =>
  text.length <= max ? text : `${text.slice(0, max - 1).toWellFormed()}…`;
