import { createHash } from 'node:crypto';

/** Every identifier of the fleet is a hash of what it names, so that two runs give the same bytes. */
export const hex = (seed: string, length: number): string =>
  createHash('sha256').update(seed).digest('hex').slice(0, length);

/** A whole number from 0 up to, not including, `below`. */
export const numberBelow = (seed: string, below: number): number => Number.parseInt(hex(seed, 12), 16) % below;

/** The form of RFC 9562 version 4, as the Kubernetes API server and EKS give out. */
export const uuid = (seed: string): string => {
  const digits = hex(seed, 32);
  const variant = '89ab'[numberBelow(`${seed}/variant`, 4)] ?? '8';
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `4${digits.slice(13, 16)}`,
    `${variant}${digits.slice(17, 20)}`,
    digits.slice(20, 32),
  ].join('-');
};

/** EC2's long form: `i-0` and sixteen hexadecimal digits. */
export const ec2Id = (
  prefix: 'ami' | 'eipassoc' | 'eni' | 'eni-attach' | 'i' | 'lt' | 'r' | 'sg' | 'snap' | 'subnet' | 'vol' | 'vpc',
  seed: string,
): string => `${prefix}-0${hex(`${prefix}/${seed}`, 16)}`;

/** Kubernetes leaves out vowels and look-alikes in generated names: apimachinery's `util/rand`. */
const NAME_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

export const generatedSuffix = (seed: string, length: number): string =>
  Array.from(
    { length },
    (_, index) => NAME_ALPHABET[numberBelow(`${seed}/${index}`, NAME_ALPHABET.length)] ?? 'b',
  ).join('');

export const resourceVersion = (seed: string): string => String(10_000_000 + numberBelow(`${seed}/rv`, 89_000_000));

export const macAddress = (seed: string): string => `02:${(hex(`${seed}/mac`, 10).match(/../g) ?? []).join(':')}`;

/** RFC 3339 without fractions, as Kubernetes writes times. */
export const secondsLater = (instant: string, seconds: number): string =>
  new Date(Date.parse(instant) + seconds * 1000).toISOString().replace('.000Z', 'Z');

/** How the AWS CLI prints a time that the API gives with microseconds (EKS) or without (EC2). */
export const awsTime = (instant: string, seed?: string): string => {
  const fraction = seed === undefined ? '' : `.${String(numberBelow(`${seed}/ms`, 1000)).padStart(3, '0')}000`;
  return instant.replace('Z', `${fraction}+00:00`);
};
