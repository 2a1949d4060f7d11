import type { Finding } from '../model/finding.ts';

/**
 * What makes a failure seen again the same failure, as one string to compare: the message (key, text and values by name)
 * and the evidence (fact, path, value, grade and source of each piece; as a set, without `observedAt`).
 *
 * The order of evidence follows lists that the API returns in no fixed order, and every run observes at another time:
 * neither is news. A reworded text is, because destinations hold the old one.
 */
export const substance = ({ message, evidence }: Pick<Finding, 'message' | 'evidence'>): string => {
  const values = Object.entries(message.values).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const pieces = new Set(
    evidence.map(({ fact, path, value, grade, source }) => JSON.stringify([fact, path, value, grade, source])),
  );
  return JSON.stringify([message.key, message.text, values, [...pieces].toSorted()]);
};
