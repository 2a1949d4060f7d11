import type { Action } from '@aws-sdk/client-securityhub';
import { isIPv4 } from 'node:net';
import type { Finding } from '../../model/finding.ts';

/**
 * ASFF's account of a denied flow. RemoteIpDetails has no place for IPv6, and the object that has one is retired: such
 * addresses stand in the text and the product fields only.
 * https://docs.aws.amazon.com/securityhub/latest/userguide/asff-optional-top-level-attributes.html#asff-action
 */
export const networkAction = ({ resource, message: { values } }: Finding): Action | undefined => {
  if (resource.type !== 'flow') return undefined;
  const { direction, sourceAddress, destinationAddress, port, protocol } = values;
  const isInbound = direction === 'ingress';
  const remote = isInbound ? sourceAddress : destinationAddress;
  if (direction === undefined || typeof remote !== 'string' || !isIPv4(remote)) return undefined;
  return {
    ActionType: 'NETWORK_CONNECTION',
    NetworkConnectionAction: {
      ConnectionDirection: isInbound ? 'IN' : 'OUT',
      RemoteIpDetails: { IpAddressV4: remote },
      ...(typeof port !== 'number'
        ? {}
        : isInbound
          ? { LocalPortDetails: { Port: port } }
          : { RemotePortDetails: { Port: port } }),
      ...(typeof protocol === 'string' ? { Protocol: protocol } : {}),
      Blocked: true,
    },
  };
};
