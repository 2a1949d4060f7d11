import type { Delivery } from '../port.ts';
import type { Digest } from './digest.ts';

/** Where people read digests. `send` answers, and does not throw for what the destination says. */
export interface DigestSender {
  /** `slack`, `chat`, `email`. */
  readonly name: string;
  readonly send: (digest: Digest) => Promise<Delivery>;
}
