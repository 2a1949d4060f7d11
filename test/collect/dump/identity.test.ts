import { describe, expect, test } from 'vitest';
import { importDump, ImportError, isDumpDirectory } from '../../../shared/collect/dump/import-dump.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { DESCRIBE_CLUSTER, GATHER, writeDump } from './dump.ts';

const importing = async (files: { readonly [path: string]: unknown }): Promise<unknown> => {
  const dir = await writeDump(files);
  try {
    return await importDump(dir);
  } catch (error) {
    expect(error).toBeInstanceOf(ImportError);
    return String(error).replace(dir, '<dir>');
  }
};

describe('which cluster a dump is of', () => {
  test('gather.json says so, and when', async () => {
    expect(await importing({})).toMatchObject({
      cluster: { partition: 'aws', account: '111122223333', region: 'us-west-2', name: 'shop-prod' },
      takenAt: '2026-11-20T09:00:00Z',
    });
  });

  test('the ARN says it where gather.json does not know', async () => {
    const gather = { ...GATHER, account: '', partition: undefined, region: null };
    expect(await importing({ 'gather.json': gather, 'aws/describe-cluster.json': DESCRIBE_CLUSTER })).toMatchObject({
      cluster: { partition: 'aws', account: '111122223333', region: 'us-west-2', name: 'shop-prod' },
    });
  });

  test('a time in another zone is kept in UTC', async () => {
    expect(await importing({ 'gather.json': { ...GATHER, gatheredAt: '2026-11-20T10:00:00+01:00' } })).toMatchObject({
      takenAt: '2026-11-20T09:00:00Z',
    });
  });

  test.each([
    {
      name: 'gather.json is missing',
      files: { 'gather.json': undefined, 'aws/describe-cluster.json': DESCRIBE_CLUSTER },
      error:
        'ImportError: <dir>/gather.json: expected the file that says which cluster was gathered and when, found nothing',
    },
    {
      name: 'gather.json is cut off',
      files: { 'gather.json': '{"schemaVersion":1,' },
      error: 'ImportError: <dir>/gather.json: expected JSON, found an error at position 19',
    },
    {
      name: 'gather.json is empty',
      files: { 'gather.json': '' },
      error: 'ImportError: <dir>/gather.json: expected JSON, found an empty file',
    },
    {
      name: 'the time is missing',
      files: { 'gather.json': { ...GATHER, gatheredAt: undefined } },
      error: 'ImportError: <dir>/gather.json: gatheredAt: expected string, found nothing',
    },
    {
      name: 'the time is none',
      files: { 'gather.json': { ...GATHER, gatheredAt: '20 Nov 2026' } },
      error: 'ImportError: <dir>/gather.json: gatheredAt: expected RFC 3339 time, found "20 Nov 2026"',
    },
    {
      name: 'the layout is another',
      files: { 'gather.json': { ...GATHER, schemaVersion: 2 } },
      error: 'ImportError: <dir>/gather.json: schemaVersion: expected 1, found number 2',
    },
    {
      name: 'the account is a number',
      files: { 'gather.json': { ...GATHER, account: 111_122_223_333 } },
      error: 'ImportError: <dir>/gather.json: account: expected string, found number 111122223333',
    },
    {
      name: 'nobody knows the account',
      files: { 'gather.json': { ...GATHER, account: '' } },
      error:
        'ImportError: <dir>/gather.json: account: expected twelve digits, because aws/describe-cluster.json has no cluster ARN, found nothing',
    },
    {
      name: 'the ARN is no cluster’s',
      files: {
        'gather.json': { ...GATHER, region: 'moon' },
        'aws/describe-cluster.json': { cluster: { arn: 'arn:aws:iam::111122223333:role/x' } },
      },
      error:
        'ImportError: <dir>/gather.json: region: expected an AWS Region, because aws/describe-cluster.json has no cluster ARN, found "moon"',
    },
    {
      name: 'ARN and gather.json contradict each other',
      files: { 'gather.json': { ...GATHER, cluster: 'shop-test' }, 'aws/describe-cluster.json': DESCRIBE_CLUSTER },
      error:
        'ImportError: <dir>/gather.json: cluster: expected "shop-prod", as the ARN in aws/describe-cluster.json says, found "shop-test"',
    },
    {
      name: 'they contradict each other in the account',
      files: { 'gather.json': { ...GATHER, account: '444455556666' }, 'aws/describe-cluster.json': DESCRIBE_CLUSTER },
      error:
        'ImportError: <dir>/gather.json: account: expected "111122223333", as the ARN in aws/describe-cluster.json says, found "444455556666"',
    },
  ])('it is an error that $name', async ({ files, error }) => {
    expect(await importing(files)).toBe(error);
  });

  test('a directory that is not there', async () => {
    await expect(importDump('/nowhere/at-all')).rejects.toThrow(
      '/nowhere/at-all: expected a dump directory, found ENOENT',
    );
  });
});

describe('a dump directory', () => {
  test('is one that holds gather.json', async () => {
    expect(await isDumpDirectory(await writeDump({}))).toBe(true);
    expect(await isDumpDirectory(await temporaryDirectory())).toBe(false);
    expect(await isDumpDirectory('/nowhere/at-all')).toBe(false);
  });
});
