import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { generateSettingsSchema } from '../../infra/generate/settings-schema.ts';
import { parseSettings, SettingsError } from '../../shared/runtime/settings.ts';

const MINIMAL = { accounts: [{ id: '999988887777', regions: ['us-west-2'] }] };
const WHOLE = {
  $schema: 'https://netpol-warden.dev/schema/settings/v1.json',
  accounts: [
    { id: '999988887777', regions: ['us-west-2'] },
    {
      id: '111122223333',
      role: { name: 'NetpolWardenReader', externalId: 'a-long-external-id' },
      regions: ['us-west-2', 'eu-west-1'],
      clusters: ['shop-prod'],
      securityHubRole: 'NetpolWardenFindings',
    },
  ],
  enforce: ['shop-prod'],
  routes: [{ channel: '#shop', severityAtLeast: 'high', owner: 'shop' }],
  maintenance: [{ cluster: 'shop-prod', from: '2026-11-20T09:00:00Z', to: '2026-11-20T11:00:00Z' }],
  severityAtLeast: { slack: 'medium' },
  owners: [{ owner: 'shop', cluster: 'shop-prod', resource: 'shop/' }],
  exceptions: [{ check: 'network-policy/enforced', owner: 'shop', reason: 'migration', expires: '2026-12-01' }],
  awsIpRanges: false,
  links: { report: 'https://reports.example.test/', runbook: 'https://runbooks.example.test/' },
};

const changed = (change: object): unknown => ({ ...WHOLE, ...change });
const account = (change: object): unknown => changed({ accounts: [{ ...WHOLE.accounts[1], ...change }] });

describe('settings.json', () => {
  it('needs accounts and nothing else', () => {
    expect(parseSettings('s3://b/settings.json', MINIMAL)).toEqual({
      ...MINIMAL,
      enforce: [],
      routes: [],
      maintenance: [],
      severityAtLeast: {},
      owners: [],
      exceptions: [],
      awsIpRanges: true,
      links: {},
    });
  });

  it('comes out as it was written', () => {
    expect(parseSettings('s3://b/settings.json', WHOLE)).toEqual(WHOLE);
  });

  it.each([
    ['no accounts', changed({ accounts: [] }), 'accounts'],
    ['a misspelt key', changed({ exception: [] }), 'Unrecognized key'],
    ['an account that is none', account({ id: '12' }), 'accounts[0].id: expected twelve digits'],
    ['a Region that is none', account({ regions: ['west'] }), 'accounts[0].regions[0]: expected a Region'],
    ['a role without an external id', account({ role: { name: 'R' } }), 'accounts[0].role.externalId'],
    ['a cluster that is a path', account({ clusters: ['../x'] }), 'accounts[0].clusters[0]: expected the name or ARN'],
    ['a link without TLS', changed({ links: { report: 'http://x.test/' } }), 'links.report: expected an https URL'],
    ['a severity that is none', changed({ severityAtLeast: { slack: 'bad' } }), 'severityAtLeast.slack'],
    [
      'an account twice',
      changed({ accounts: [MINIMAL.accounts[0], MINIMAL.accounts[0]] }),
      'accounts[1].id: expected each account once',
    ],
    [
      'an exception with a pattern',
      changed({ exceptions: [{ ...WHOLE.exceptions[0], check: 'network-policy/*' }] }),
      'exceptions[0].check: expected one whole check id',
    ],
  ])('is refused for %s, with the place', (_, document, problem) => {
    expect(() => parseSettings('s3://b/settings.json', document)).toThrow(SettingsError);
    expect(() => parseSettings('s3://b/settings.json', document)).toThrow(problem);
    expect(() => parseSettings('s3://b/settings.json', document)).toThrow(/^s3:\/\/b\/settings\.json: /);
  });

  it('has a published schema that is generated, and takes what the service takes', () => {
    const text = generateSettingsSchema();
    const published = readFileSync(new URL('../../docs/settings.schema.json', import.meta.url), 'utf8');
    expect(published).toBe(text);
    const ajv = new Ajv2020({ strict: false });
    addFormats.default(ajv);
    const validate = ajv.compile(JSON.parse(text));
    expect(validate(WHOLE)).toBe(true);
    expect(validate(MINIMAL)).toBe(true);
    expect(validate(account({ id: '12' }))).toBe(false);
    expect(validate(changed({ exception: [] }))).toBe(false);
  });
});
