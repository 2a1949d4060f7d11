import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { temporaryDirectory } from '../temporary-directory.ts';

export const AT = '2026-11-20T09:00:00Z';

export const GATHER = {
  schemaVersion: 1,
  tool: 'gather.sh',
  cluster: 'shop-prod',
  region: 'us-west-2',
  account: '111122223333',
  partition: 'aws',
  gatheredAt: AT,
};

export const DESCRIBE_CLUSTER = {
  cluster: {
    name: 'shop-prod',
    arn: 'arn:aws:eks:us-west-2:111122223333:cluster/shop-prod',
    version: '1.33',
    platformVersion: 'eks.9',
    status: 'ACTIVE',
    resourcesVpcConfig: { endpointPublicAccess: true, endpointPrivateAccess: true },
  },
};

/** A dump directory with these files: text as it is, anything else as JSON, `undefined` not at all. */
export const writeDump = async (files: { readonly [path: string]: unknown }): Promise<string> => {
  const dir = await temporaryDirectory();
  for (const [path, content] of Object.entries({ 'gather.json': GATHER, ...files })) {
    if (content === undefined) continue;
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return dir;
};

export const list = (...items: readonly unknown[]): unknown => ({ apiVersion: 'v1', kind: 'List', items });
