const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(?:Z|([+-])(\d\d):?(\d\d))$/;

/** The last moment a JavaScript Date can hold, in milliseconds. */
const LATEST = 8.64e15;

/** zap's epoch encoder writes seconds; nobody's log is from the year 5138, so a larger number is milliseconds. */
const LARGEST_SECONDS = 1e11;

export const isTime = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= LATEST;

/**
 * RFC 3339, or zap's ISO 8601 whose offset has no colon (https://pkg.go.dev/go.uber.org/zap/zapcore#ISO8601TimeEncoder).
 * Milliseconds, rounded down; undefined for a day or hour that does not exist, and for times before 1970.
 */
export const parseTime = (text: string): number | undefined => {
  const match = RFC_3339.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction = '', sign, offsetHours = '0', offsetMinutes = '0'] = match;
  const local = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  const same = new Date(local).toISOString().slice(0, 19) === text.slice(0, 19);
  if (!same || Number(offsetHours) > 23 || Number(offsetMinutes) > 59) return undefined;
  const offset = (Number(offsetHours) * 60 + Number(offsetMinutes)) * 60_000;
  const time = local + Number(fraction.slice(0, 3).padEnd(3, '0')) - (sign === '-' ? -offset : offset);
  return isTime(time) ? time : undefined;
};

/** The `ts` or `timestamp` of a zap line: text, or seconds as a number. Milliseconds. */
export const readTime = (value: unknown): number | undefined => {
  if (typeof value === 'string') return parseTime(value);
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
  const time = Math.floor(value < LARGEST_SECONDS ? value * 1000 : value);
  return isTime(time) ? time : undefined;
};

/** The start of the hour that begins with `2026-04-13T21:`, in milliseconds. */
export const hourOf = (text: string): number | undefined =>
  text.length === 14 ? parseTime(`${text}00:00Z`) : undefined;
