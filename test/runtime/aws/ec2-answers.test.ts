import {
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  type EC2Client,
} from '@aws-sdk/client-ec2';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normaliseImages } from '../../../shared/collect/normalise/images.ts';
import { normaliseInstances } from '../../../shared/collect/normalise/instances.ts';
import { normaliseNetworkInterfaces } from '../../../shared/collect/normalise/network-interfaces.ts';
import { normaliseNodePlacement } from '../../../shared/collect/normalise/node-placement.ts';
import { SCANNED_ANSWERS } from '../../../shared/runtime/aws/ec2-answers.ts';
import type { Shape, Struct } from '../../../shared/runtime/aws/xml-answer.ts';
import { arbitraryAnswer } from './arbitrary-answer.ts';
import { clientsAnswered } from './answered.ts';

const OPERATIONS: readonly {
  readonly name: string;
  readonly send: (client: EC2Client) => Promise<object>;
  /** Everything that reads such an answer. */
  readonly normalisers: readonly ((answer: object) => unknown)[];
}[] = [
  {
    name: 'DescribeInstances',
    send: (client) => client.send(new DescribeInstancesCommand({})),
    normalisers: [normaliseInstances, normaliseNodePlacement],
  },
  {
    name: 'DescribeNetworkInterfaces',
    send: (client) => client.send(new DescribeNetworkInterfacesCommand({})),
    normalisers: [normaliseNetworkInterfaces],
  },
  {
    name: 'DescribeImages',
    send: (client) => client.send(new DescribeImagesCommand({})),
    normalisers: [normaliseImages],
  },
];

const shapeOf = (name: string): Struct => SCANNED_ANSWERS.get(name) ?? { kind: 'struct', members: [] };

const own = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined;

/** What the SDK made of an answer, as far as the shape goes. */
const projected = (shape: Shape, value: unknown): unknown => {
  if (shape.kind === 'list') return Array.isArray(value) ? value.map((item) => projected(shape.item, item)) : value;
  if (shape.kind !== 'struct') return value;
  return Object.fromEntries(
    shape.members.flatMap(({ name, shape: inner }) => {
      const member = own(value, name);
      return member === undefined ? [] : [[name, projected(inner, member)] as const];
    }),
  );
};

/** `Reservations[].Instances[].InstanceId`. */
const pathsOf = (shape: Shape, path = ''): readonly string[] => {
  if (shape.kind === 'list') return pathsOf(shape.item, `${path}[]`);
  if (shape.kind !== 'struct') return [path];
  return shape.members.flatMap(({ name, shape: inner }) => pathsOf(inner, path === '' ? name : `${path}.${name}`));
};

const LEAVES: { readonly [name: string]: unknown } = { PrivateIpAddress: '10.0.0.1', Ipv4Prefix: '10.0.0.0/28' };

/** A value of the shape that notes which of its fields are read, those that the shape does not have as well. */
const watched = (shape: Shape, read: Set<string>, path = '', name = ''): unknown => {
  if (shape.kind === 'text') return LEAVES[name] ?? '2026-11-21T00:00:00Z';
  if (shape.kind === 'time') return new Date('2026-11-21T00:00:00Z');
  if (shape.kind === 'list') return [watched(shape.item, read, `${path}[]`)];
  const members = new Map(shape.members.map((member) => [member.name, member.shape]));
  return new Proxy(
    {},
    {
      has: () => true,
      get: (_target, key) => {
        if (typeof key !== 'string') return undefined;
        const at = path === '' ? key : `${path}.${key}`;
        const member = members.get(key);
        if (member === undefined || member.kind === 'text' || member.kind === 'time') read.add(at);
        return member === undefined ? undefined : watched(member, read, at, key);
      },
    },
  );
};

describe.each(OPERATIONS)('an answer of $name', ({ name, send, normalisers }) => {
  const shape = shapeOf(name);

  test('is read as the SDK reads it, however it is written', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryAnswer(`${name}Response`, shape), async (xml) => {
        const { sdk, ours } = clientsAnswered(xml);
        expect(await send(ours)).toEqual({
          ...Object(projected(shape, await send(sdk))),
          $metadata: expect.anything(),
        });
      }),
      { numRuns: 150 },
    );
  });

  test('cut off anywhere is an error and never a shorter list', async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryAnswer(`${name}Response`, shape),
        fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        async (xml, share) => {
          const bytes = Buffer.from(xml.trimEnd());
          const { ours } = clientsAnswered(bytes.subarray(0, Math.floor(bytes.length * share)));
          await expect(send(ours)).rejects.toMatchObject({ name: 'SyntaxError' });
        },
      ),
      { numRuns: 150 },
    );
  });

  test('is read for exactly the fields that the normalisers use, and the token of the next page', () => {
    const read = new Set<string>();
    for (const normalise of normalisers) normalise(Object(watched(shape, read)));
    expect([...read, 'NextToken'].toSorted()).toEqual(pathsOf(shape).toSorted());
  });
});
