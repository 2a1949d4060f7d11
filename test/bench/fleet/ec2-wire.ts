import { toXml, type Tree } from '../../support/aws-endpoint/xml.ts';

/** Properties whose element is not just theirs in lower camel case; https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Instance.html */
const ELEMENTS: { readonly [property: string]: string } = {
  Reservations: 'reservationSet',
  Instances: 'instancesSet',
  Groups: 'groupSet',
  SecurityGroups: 'groupSet',
  Tags: 'tagSet',
  NetworkInterfaces: 'networkInterfaceSet',
  PrivateIpAddresses: 'privateIpAddressesSet',
  Ipv6Addresses: 'ipv6AddressesSet',
  Ipv4Prefixes: 'ipv4PrefixSet',
  BlockDeviceMappings: 'blockDeviceMapping',
  StateTransitionReason: 'reason',
  PublicDnsName: 'dnsName',
  Images: 'imagesSet',
  Public: 'isPublic',
};

/** Named otherwise in an image. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Image.html */
const IMAGE_ELEMENTS: typeof ELEMENTS = { OwnerId: 'imageOwnerId', State: 'imageState' };

const wire = (value: unknown, elements: typeof ELEMENTS): unknown => {
  if (Array.isArray(value)) return value.map((item) => wire(item, elements));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      elements[name] ?? `${name.slice(0, 1).toLowerCase()}${name.slice(1)}`,
      wire(inner, elements),
    ]),
  );
};

/** With the line breaks and the indentation that EC2 sends. */
const indented = (xml: string): string => {
  let depth = 0;
  const lines = xml.replaceAll('><', '>\n<').split('\n');
  return lines
    .map((line) => {
      if (line.startsWith('</')) depth -= 1;
      const text = `${'    '.repeat(depth)}${line}`;
      if (!line.includes('</') && !line.startsWith('<?')) depth += 1;
      return text;
    })
    .join('\n');
};

/** What the command line prints of an EC2 call, as the service itself writes it. */
export const ec2Answer = (operation: 'DescribeInstances' | 'DescribeImages', printed: object): string =>
  indented(
    toXml(
      `${operation}Response`,
      // Committed dumps hold JSON without null, which is what a Tree is.
      wire(
        { RequestId: 'r-1', ...printed },
        operation === 'DescribeImages' ? { ...ELEMENTS, ...IMAGE_ELEMENTS } : ELEMENTS,
      ) as Tree,
    ),
  );
