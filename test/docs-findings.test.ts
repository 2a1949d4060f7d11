import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DESTINATIONS } from '../cli/findings-replay.ts';
import { FORMATS } from '../cli/outputs.ts';
import { signatureOf } from '../shared/publish/webhook/destination.ts';

const text = readFileSync(join(import.meta.dirname, '../docs/findings.md'), 'utf8');

type IsOurs = (
  secret: string,
  headers: { readonly [name: string]: string },
  body: string,
  nowSeconds: number,
) => boolean;

const example = async (): Promise<IsOurs> => {
  const code = /```js\n([^]*?)```/.exec(text)?.[1] ?? '';
  // The one export of the code in the document.
  const { isOurs } = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as { readonly isOurs: IsOurs };
  return isOurs;
};

describe('docs/findings.md', () => {
  it('verifies a webhook as its code says: ours, and nothing that was changed, is old or is not signed', async () => {
    const isOurs = await example();
    const [secret, time, body] = ['a secret', 1_795_000_000, '{"id":"x"}'];
    const headers = {
      'netpol-warden-timestamp': String(time),
      'netpol-warden-signature': signatureOf(secret, time, body),
    };

    expect(isOurs(secret, headers, body, time + 10)).toBe(true);
    expect(isOurs('another', headers, body, time + 10)).toBe(false);
    expect(isOurs(secret, headers, `${body} `, time + 10)).toBe(false);
    expect(isOurs(secret, headers, body, time + 301)).toBe(false);
    expect(isOurs(secret, { ...headers, 'netpol-warden-timestamp': String(time + 1) }, body, time + 10)).toBe(false);
    expect(isOurs(secret, {}, body, time)).toBe(false);
  });

  it('names every destination and every format', () => {
    for (const name of Object.keys(DESTINATIONS)) expect(text).toContain(`\`${name}\``);
    for (const format of FORMATS) expect(text).toContain(`\`${format}\``);
  });
});
