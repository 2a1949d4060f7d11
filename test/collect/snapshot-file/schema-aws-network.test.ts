import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { awsNetworkValues } from '../../../shared/collect/snapshot-file/schema-aws-network.ts';
import type { AwsNetworkFactValues } from '../../../shared/model/facts-aws-network.ts';
import { arbitraryAwsNetwork } from './arbitrary-aws-network.ts';

// Object.keys of a constant with these keys gives exactly them.
const KEYS = Object.keys(awsNetworkValues) as readonly (keyof AwsNetworkFactValues)[];

describe('what is written is what is read', () => {
  test.each(KEYS)('%s', (key) => {
    fc.assert(
      fc.property<[unknown]>(arbitraryAwsNetwork[key], (value) => {
        expect(awsNetworkValues[key].parse(JSON.parse(JSON.stringify(value)))).toEqual(value);
      }),
      { numRuns: 50 },
    );
  });

  test('an instance type may not be a trunk perhaps', () => {
    const type = { name: 'a', hypervisor: 'nitro', trunking: 'perhaps', source: 'ec2' };
    expect(awsNetworkValues['ec2.instance-types'].safeParse([type]).success).toBe(false);
  });
});
