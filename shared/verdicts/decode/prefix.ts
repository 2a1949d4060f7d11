import { parseTime } from './time.ts';

/**
 * What tools put before a line, up to four words without quotes or braces, then perhaps a file's name and a colon:
 *
 *   2026-11-20T09:00:00.512000+00:00 <stream> Node: …   aws logs tail, and exports to S3 without the stream
 *                                                       https://docs.aws.amazon.com/cli/latest/reference/logs/tail.html
 *   [pod/aws-node-x/aws-eks-nodeagent] <time> {…}       kubectl logs --prefix --timestamps
 *                                                       https://kubernetes.io/docs/reference/kubectl/generated/kubectl_logs/
 *   2026-11-20T09:00:00.512Z stdout F {…}               a container runtime's own file
 *   network-policy-agent.log:{…}                        grep
 */
const PREFIX = /^(?:[^\s"{};]+\s+){0,4}?(?:[^\s"{};]+:)?(?=Node:|SIP:|Flow Info:|\{)/;

const LONGEST_PREFIX = 1024;

/** `aws logs tail --format short` prints UTC and does not say so. */
const WITHOUT_ZONE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/;

const timeOf = (word: string): number | undefined => parseTime(WITHOUT_ZONE.test(word) ? `${word}Z` : word);

export interface BareLine {
  readonly bare: string;
  /** Milliseconds: the first time that stands in the prefix. */
  readonly time: number | undefined;
}

/** The line from where the verdict begins; all of it where there is no such prefix. */
export const withoutPrefix = (text: string): BareLine => {
  const match = PREFIX.exec(text.slice(0, LONGEST_PREFIX));
  if (match === null) return { bare: text, time: undefined };
  const [prefix] = match;
  const times = prefix.split(/\s+/).map(timeOf);
  return { bare: text.slice(prefix.length), time: times.find((time) => time !== undefined) };
};
