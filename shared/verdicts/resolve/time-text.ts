/** The last moment that a Date can hold; a log or a file may claim any. */
const LAST_TIME = 8.64e15;

/** RFC 3339 of milliseconds since 1970, of any number. */
export const timeText = (milliseconds: number): string =>
  new Date(Math.min(LAST_TIME, Math.max(0, Math.trunc(milliseconds) || 0))).toISOString();
