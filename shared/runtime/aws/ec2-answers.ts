import type { Shape, Struct } from './xml-answer.ts';

const text: Shape = { kind: 'text' };
const time: Shape = { kind: 'time' };
const list = (item: Shape): Shape => ({ kind: 'list', item });
/** `{ element: [property, shape] }`. */
const struct = (members: { readonly [tag: string]: readonly [name: string, shape: Shape] }): Struct => ({
  kind: 'struct',
  members: Object.entries(members).map(([tag, [name, shape]]) => ({ tag: Buffer.from(tag), name, shape })),
});

const tags = list(struct({ key: ['Key', text], value: ['Value', text] }));
const groups = list(struct({ groupId: ['GroupId', text] }));

const instance = struct({
  instanceId: ['InstanceId', text],
  instanceType: ['InstanceType', text],
  imageId: ['ImageId', text],
  launchTime: ['LaunchTime', time],
  placement: ['Placement', struct({ availabilityZone: ['AvailabilityZone', text] })],
  tagSet: ['Tags', tags],
  networkInterfaceSet: [
    'NetworkInterfaces',
    list(struct({ subnetId: ['SubnetId', text], groupSet: ['Groups', groups] })),
  ],
});

const networkInterface = struct({
  networkInterfaceId: ['NetworkInterfaceId', text],
  interfaceType: ['InterfaceType', text],
  status: ['Status', text],
  description: ['Description', text],
  subnetId: ['SubnetId', text],
  vpcId: ['VpcId', text],
  availabilityZone: ['AvailabilityZone', text],
  attachment: ['Attachment', struct({ instanceId: ['InstanceId', text] })],
  requesterId: ['RequesterId', text],
  privateIpAddress: ['PrivateIpAddress', text],
  privateIpAddressesSet: ['PrivateIpAddresses', list(struct({ privateIpAddress: ['PrivateIpAddress', text] }))],
  ipv6AddressesSet: ['Ipv6Addresses', list(struct({ ipv6Address: ['Ipv6Address', text] }))],
  ipv4PrefixSet: ['Ipv4Prefixes', list(struct({ ipv4Prefix: ['Ipv4Prefix', text] }))],
  ipv6PrefixSet: ['Ipv6Prefixes', list(struct({ ipv6Prefix: ['Ipv6Prefix', text] }))],
  groupSet: ['Groups', groups],
  tagSet: ['TagSet', tags],
});

const image = struct({
  imageId: ['ImageId', text],
  name: ['Name', text],
  imageOwnerId: ['OwnerId', text],
  creationDate: ['CreationDate', text],
});

/**
 * What is read of the answers that are long, by operation: the elements that `collect/normalise` uses, and the names that
 * the SDK gives them. Everything else in them is passed over, so a normaliser that wants more has to be named here; a test
 * compares the two. The elements: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html,
 * API_DescribeNetworkInterfaces.html and API_DescribeImages.html there.
 */
export const SCANNED_ANSWERS: ReadonlyMap<string, Struct> = new Map([
  [
    'DescribeInstances',
    struct({
      nextToken: ['NextToken', text],
      reservationSet: ['Reservations', list(struct({ instancesSet: ['Instances', list(instance)] }))],
    }),
  ],
  [
    'DescribeNetworkInterfaces',
    struct({ nextToken: ['NextToken', text], networkInterfaceSet: ['NetworkInterfaces', list(networkInterface)] }),
  ],
  ['DescribeImages', struct({ nextToken: ['NextToken', text], imagesSet: ['Images', list(image)] })],
]);
