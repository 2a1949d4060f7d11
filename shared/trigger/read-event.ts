import { fromAutoScaling } from './auto-scaling.ts';
import { CLOUDTRAIL, fromCloudTrail } from './cloudtrail.ts';
import { fromInstanceState } from './ec2-instance.ts';
import { fromEks } from './eks-addon.ts';
import { readEnvelope } from './envelope.ts';
import { fromManual, MANUAL_DETAIL_TYPE, MANUAL_SOURCE } from './manual.ts';
import { sourceText } from './place.ts';
import { nothing, type Triggered } from './request.ts';
import { fromSecurityHubAction } from './security-hub-action.ts';

const INSTANCE_STATE = 'EC2 Instance State-change Notification';
const CUSTOM_ACTION = 'Security Hub Findings - Custom Action';

/**
 * What an EventBridge event asks for; `nothing` says why not.
 * @param home the account that runs the service
 * @throws BadEventError where it is no such event: trying again does not help
 */
export const readEvent = (event: unknown, home: string): readonly Triggered[] => {
  const wire = readEnvelope(event);
  if (wire.detailType === CLOUDTRAIL) return fromCloudTrail(wire);
  switch (wire.source) {
    case 'aws.eks':
      return fromEks(wire);
    case 'aws.autoscaling':
      return fromAutoScaling(wire);
    case 'aws.ec2':
      return wire.detailType === INSTANCE_STATE
        ? fromInstanceState(wire)
        : nothing('an event of EC2 that no node makes');
    case 'aws.securityhub':
      return wire.detailType === CUSTOM_ACTION ? fromSecurityHubAction(wire) : nothing('not a custom action');
    case MANUAL_SOURCE:
      return wire.detailType === MANUAL_DETAIL_TYPE ? fromManual(wire, home) : nothing('an event of our own');
    default:
      return nothing(`nobody here reads events of ${sourceText(wire.source)}`);
  }
};
