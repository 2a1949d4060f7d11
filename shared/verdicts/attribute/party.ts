import type {
  AddressCertainty,
  AddressOwner,
  ResolvedAddress,
  WellKnownAddress,
  WorkloadRef,
} from '../../model/denied-traffic.ts';
import { singleLine } from '../../model/single-line.ts';
import { formatAddress, parseAddress } from '../decode/address.ts';
import { compareText, label } from './text.ts';

/** One end of a flow, by what outlives its pods. */
export interface Party {
  readonly id: string;
  readonly label: string;
  /** As a sentence names it beside a port: `shop/db`. */
  readonly short: string;
  readonly certainty: AddressCertainty;
  readonly owner?: AddressOwner;
  readonly workload?: WorkloadRef;
}

const WELL_KNOWN: { readonly [A in WellKnownAddress]: string } = {
  imds: 'the instance metadata service (IMDS)',
  'pod-identity-agent': 'the EKS Pod Identity agent',
  'container-credentials': 'the container credentials endpoint',
  'vpc-resolver': "the VPC's DNS resolver",
  'time-sync': 'the Amazon Time Sync Service',
  'node-local-dns': 'NodeLocal DNSCache',
};

/** The /24 or /48 of an address; the text itself where it is none. */
export const networkOf = (address: string): string => {
  const words = parseAddress(address)?.words;
  if (words === undefined) return label(address);
  const [first, second, , last] = words;
  return address.includes(':')
    ? `${formatAddress(first, second & 0xffff0000, 0, 0)}/48`
    : `${formatAddress(0, 0, 0xffff, last & 0xffffff00)}/24`;
};

type Names = Pick<Party, 'id' | 'label' | 'short'>;

const same = (id: string, text: string): Names => ({ id, label: text, short: text });

const namesOf = (owner: AddressOwner, address: string): Names => {
  switch (owner.kind) {
    case 'pod': {
      const { kind, namespace, name } = owner.workload;
      const short = `${namespace}/${name}`;
      return { id: `workload:${kind}/${short}`, label: `${short} (${kind})`, short };
    }
    case 'service': {
      const short = `${owner.namespace}/${owner.name}`;
      return { id: `service:${short}`, label: `${short} (Service)`, short };
    }
    case 'node':
      // Nodes come and go, and what is true of one is true of the next.
      return same('node:cluster', "the cluster's nodes");
    case 'api-server':
      return same('api-server', 'the Kubernetes API server');
    case 'well-known':
      return same(`well-known:${owner.service}`, WELL_KNOWN[owner.service]);
    case 'special':
      return same(`special:${owner.range}`, `a ${owner.range} address`);
    case 'network-interface': {
      const what = [owner.service, owner.description].find((text) => text !== undefined && text !== '');
      return same(`network-interface:${owner.id}`, `${what ?? owner.interfaceType} (${owner.id})`);
    }
    case 'vpc':
      return same(`vpc:${networkOf(address)}`, `${networkOf(address)} in the VPC`);
    case 'aws-service':
      return same(`aws-service:${owner.service}/${owner.region}`, `${owner.service} in ${owner.region}`);
    case 'external':
      return same(`external:${owner.network}`, owner.network);
    default:
      return owner satisfies never;
  }
};

/** UTF-16 units; a kind, a namespace and a name of the lengths that Kubernetes allows fit in. */
const ID = 600;

const bounded = ({ id, label: text, short }: Names): Names => ({
  id: singleLine(id, ID),
  label: label(text),
  short: label(short),
});

const AMBIGUOUS_SHOWN = 3;

/** Several candidates that are one party (replicas of one workload) leave no doubt about the party. */
export const partyOf = ({ address, certainty, owners }: ResolvedAddress): Party => {
  const candidates = owners
    .map((owner) => ({ owner, names: bounded(namesOf(owner, address)) }))
    .toSorted((a, b) => compareText(a.names.id, b.names.id) || compareText(JSON.stringify(a), JSON.stringify(b)));
  const [first] = candidates;
  if (first === undefined) {
    const network = networkOf(address);
    return { ...bounded(same(`unknown:${network}`, `${network} (nobody known)`)), certainty: 'unknown' };
  }
  const distinct = [...new Map(candidates.map(({ names }) => [names.id, names])).values()];
  if (distinct.length > 1) {
    const ids = distinct.map(({ id }) => id);
    const shown = distinct.slice(0, AMBIGUOUS_SHOWN).map((names) => names.label);
    const text = `one of ${shown.join(', ')}${distinct.length > AMBIGUOUS_SHOWN ? ', …' : ''}`;
    return { ...bounded(same(`ambiguous:${ids.slice(0, AMBIGUOUS_SHOWN).join('|')}`, text)), certainty: 'ambiguous' };
  }
  const { owner, names } = first;
  return {
    ...names,
    certainty: certainty === 'ambiguous' ? 'exact' : certainty,
    owner,
    ...(owner.kind === 'pod' && { workload: owner.workload }),
  };
};

/** The node that one end runs on, as a party of its own: nothing may keep a pod and its node apart. */
export const ownNode = (party: Party): Party =>
  party.owner?.kind === 'node'
    ? { ...party, id: 'node:own', label: "the pod's own node", short: "the pod's own node" }
    : party;
