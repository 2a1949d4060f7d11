/** Amazon's own list of its addresses (https://docs.aws.amazon.com/vpc/latest/userguide/aws-ip-ranges.html). */
export const AWS_IP_RANGES = 'https://ip-ranges.amazonaws.com/ip-ranges.json';

/** It has 2 MB and grows slowly. */
const MOST_BYTES = 16 * 1_048_576;
const TIMEOUT_MS = 10_000;

export interface DownloadOptions {
  readonly url?: string;
  readonly mostBytes?: number;
  readonly timeoutMs?: number;
}

/** The list as JSON, not looked at. Throws an Error that names the address and what was wrong with the answer. */
export const downloadAwsRanges = async (options: DownloadOptions = {}): Promise<unknown> => {
  const { url = AWS_IP_RANGES, mostBytes = MOST_BYTES, timeoutMs = TIMEOUT_MS } = options;
  try {
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
    if (!response.ok || response.body === null) throw new Error(`HTTP status ${response.status}`);
    const parts: Uint8Array[] = [];
    let bytes = 0;
    for await (const part of response.body) {
      bytes += part.byteLength;
      if (bytes > mostBytes) throw new Error(`more than ${mostBytes} bytes`);
      parts.push(part);
    }
    const document: unknown = JSON.parse(Buffer.concat(parts).toString('utf8'));
    return document;
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
    throw new Error(`${url}: ${error instanceof Error ? error.message : String(error)}${cause}`, { cause: error });
  }
};
