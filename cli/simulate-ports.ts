import { oneLine, UsageError } from './io.ts';

/** What a caller writes for a port: a number, or the name of a container's or Service's port. */
export interface AskedPort {
  readonly port: number | string;
  /** Absent where not written: TCP for a number, the declared one for a name. */
  readonly protocol?: string;
}

export interface NumberedPort {
  readonly port: number;
  readonly protocol: string;
}

const PORT = /^(?<port>[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)(?:\/(?<protocol>[A-Za-z]{1,16}))?$/;
const LAST_PORT = 65_535;

const PROTOCOLS = ['TCP', 'UDP', 'SCTP', 'ICMP'];

/**
 * `80`, `80/TCP`, `http`, `dns/UDP`.
 * @throws UsageError
 */
export const parsePort = (flag: string, text: string): AskedPort => {
  const { port = '', protocol } = PORT.exec(text.trim())?.groups ?? {};
  const number = /^\d+$/.test(port) ? Number(port) : undefined;
  const wanted = protocol?.toUpperCase();
  if (
    port === '' ||
    (number !== undefined && (number > LAST_PORT || number < 1)) ||
    (wanted !== undefined && !PROTOCOLS.includes(wanted))
  ) {
    throw new UsageError(
      `${flag} ${oneLine(text, 60)}: expected a port such as 80, 80/TCP or http, with ${PROTOCOLS.join(', ')}`,
    );
  }
  return { port: number ?? port, ...(wanted === undefined ? {} : { protocol: wanted }) };
};

/**
 * `80/TCP,81/UDP`: numbers alone, each once.
 * @throws UsageError
 */
export const parsePorts = (flag: string, texts: readonly string[]): readonly NumberedPort[] => {
  const found = new Map<string, NumberedPort>();
  for (const text of texts.flatMap((one) => one.split(','))) {
    const { port, protocol = 'TCP' } = parsePort(flag, text);
    if (typeof port === 'string') throw new UsageError(`${flag} ${oneLine(text, 60)}: expected a number, found a name`);
    found.set(`${port}/${protocol}`, { port, protocol });
  }
  return [...found.values()];
};
