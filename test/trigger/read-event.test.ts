import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BadEventError } from '../../shared/trigger/envelope.ts';
import { readEvent } from '../../shared/trigger/read-event.ts';
import type { Triggered } from '../../shared/trigger/request.ts';
import { recordedEvent } from '../recorded/event.ts';

const HOME = '999988887777';

/** One line for each thing that is asked for. */
const said = (triggered: Triggered): string => {
  switch (triggered.do) {
    case 'audit': {
      const { cluster, reason, attempt, kind } = triggered.request;
      return `${kind} ${cluster.account}/${cluster.region}/${cluster.name} ${reason} ${attempt}`;
    }
    case 'verify':
      return `verify ${triggered.verification.cluster.name} ${triggered.verification.instanceId}`;
    case 'look-up': {
      const { lookUp } = triggered;
      const intents = lookUp.intents.map((each) =>
        each.do === 'audit' ? each.reason : `verify${each.lifecycle === undefined ? '' : ` (${each.lifecycle.hook})`}`,
      );
      return `look up ${lookUp.need}: ${intents.join(', ')}`;
    }
    case 'act':
      return `${triggered.action.action} ${triggered.action.finding} ${triggered.action.check}`;
    case 'nothing':
      return `nothing: ${triggered.why}`;
  }
};

const CLUSTER = '111122223333/us-west-2/shop-prod';
const FINDING = 'npw-0123456789abcdef0123456789abcdef network-policy/enforced';
const GROUP = 'look up auto-scaling-group:';

const CASES: { readonly [name: string]: readonly string[] } = {
  'asg-ec2-auto-scaling-instance-refresh-cancelled': [`${GROUP} instances-refreshed`],
  'asg-ec2-auto-scaling-instance-refresh-checkpoint-reached': [`${GROUP} instances-refreshed`],
  'asg-ec2-auto-scaling-instance-refresh-failed': [`${GROUP} instances-refreshed`],
  'asg-ec2-auto-scaling-instance-refresh-started': [`${GROUP} instances-refreshed`],
  'asg-ec2-auto-scaling-instance-refresh-succeeded': [`${GROUP} instances-refreshed`],
  'asg-ec2-instance-launch-lifecycle-action': ['nothing: a lifecycle hook of somebody else'],
  'asg-ec2-instance-launch-successful': [`${GROUP} nodes-launched, verify`],
  'asg-ec2-instance-launch-unsuccessful': ['nothing: nothing came and nothing went'],
  'asg-ec2-instance-launch-unsuccessful-without-instance': ['nothing: nothing came and nothing went'],
  'asg-ec2-instance-terminate-lifecycle-action': ['nothing: the instance is still there'],
  'asg-ec2-instance-terminate-successful': [`${GROUP} nodes-gone`],
  'asg-ec2-instance-terminate-unsuccessful': ['nothing: nothing came and nothing went'],
  'asg-launch-lifecycle-eks': ['nothing: a lifecycle hook of somebody else'],
  'asg-launch-lifecycle-ours': [`${GROUP} nodes-launched, verify (netpol-warden-launch)`],
  'asg-launch-lifecycle-warm-pool': ['nothing: the instance goes to a warm pool and joins no cluster yet'],
  'cloudtrail-associate-access-policy': [`audit ${CLUSTER} access-changed 1`],
  'cloudtrail-create-access-entry': [`audit ${CLUSTER} access-changed 1`],
  'cloudtrail-create-cluster': [`audit ${CLUSTER} cluster-changed 1`],
  'cloudtrail-create-launch-template-version': ['look up launch-template: launch-template-changed'],
  'cloudtrail-delete-addon-denied': ['nothing: DeleteAddon was refused: AccessDenied'],
  'cloudtrail-describe-addon': ['nothing: DescribeAddon only reads'],
  'cloudtrail-modify-launch-template-by-name': ['look up launch-template: launch-template-changed'],
  'cloudtrail-run-instances-auto-mode': [`audit ${CLUSTER} nodes-launched 1`, 'verify shop-prod i-0a3c844322fab4955'],
  'cloudtrail-run-instances-karpenter': [`audit ${CLUSTER} nodes-launched 1`, 'verify shop-prod i-0a3c844322fab4955'],
  'cloudtrail-run-instances-managed-node-group': [
    'nothing: the Auto Scaling group of these instances sends events of its own',
  ],
  'cloudtrail-run-instances-no-cluster': ['nothing: instances of no cluster'],
  'cloudtrail-start-instance-refresh': [`${GROUP} instances-refreshed`],
  'cloudtrail-update-addon': [`audit ${CLUSTER} addon-changed 1`],
  'cloudtrail-update-addon-cluster-name': [`audit ${CLUSTER} addon-changed 1`],
  'cloudtrail-update-addon-coredns': ['nothing: add-on coredns is not audited'],
  'cloudtrail-update-addon-refused': ['nothing: UpdateAddon was refused: ResourceInUseException'],
  'cloudtrail-update-auto-scaling-group': [`${GROUP} group-changed`],
  'cloudtrail-update-nodegroup-version': [`audit ${CLUSTER} nodegroup-changed 1`],
  'ec2-instance-pending': ['nothing: an instance that is pending is no news'],
  'ec2-instance-running': ['look up instance: nodes-launched, verify'],
  'ec2-instance-shutting-down': ['look up instance: nodes-gone'],
  'ec2-instance-terminated': ['look up instance: nodes-gone'],
  'eks-addon-creation-failed': [`audit ${CLUSTER} addon-changed 1`],
  'eks-addon-creation-succeeded': [`audit ${CLUSTER} addon-changed 1`],
  'eks-addon-deletion-failed': [`audit ${CLUSTER} addon-changed 1`],
  'eks-addon-deletion-succeeded': [`audit ${CLUSTER} addon-changed 1`],
  'eks-addon-health-degraded': [`audit ${CLUSTER} addon-changed 1`],
  'eks-addon-health-restored': [`audit ${CLUSTER} addon-changed 1`],
  'eks-addon-update-failed': [`audit ${CLUSTER} addon-changed 1`],
  'eks-addon-update-succeeded': [`audit ${CLUSTER} addon-changed 1`],
  'eks-addon-update-succeeded-without-arn': ['look up clusters: addon-changed'],
  'eks-fargate-pod-scheduled-termination': [
    'nothing: EKS event not about an add-on: EKS Fargate Pod Scheduled Termination',
  ],
  'health-ec2-retirement': ['nothing: nobody here reads events of aws.health'],
  manual: [`audit ${CLUSTER} manual 1`],
  'security-hub-explain': [`explain ${FINDING}`],
  'security-hub-imported': ['nothing: not a custom action'],
  'security-hub-other-account': ['nothing: a finding of somebody else'],
  'security-hub-other-product': ['nothing: a finding of somebody else'],
  'security-hub-reaudit': [`audit ${CLUSTER} security-hub-action 1`],
  'security-hub-suppress': [`suppress ${FINDING}`],
};

/** Not EventBridge events. */
const OTHERS = [
  'kube-audit-aws-node-edit.decoded',
  'lifecycle-hook-test-notification',
  'logs-control-message.decoded',
  'logs-denied-flows.decoded',
];

describe('what an event asks for', () => {
  it.each(Object.entries(CASES))('%s', (name, expected) => {
    expect(readEvent(recordedEvent(name), HOME).map(said)).toEqual(expected);
  });

  it('has a case for every event that was recorded', () => {
    const files = readdirSync(join(import.meta.dirname, '../recorded/events'))
      .filter((file) => file.endsWith('.json'))
      .map((file) => file.slice(0, -'.json'.length));
    expect(files.toSorted()).toEqual([...Object.keys(CASES), ...OTHERS].toSorted());
  });

  it.each(OTHERS)('refuses %s: it is no EventBridge event', (name) => {
    expect(() => readEvent(recordedEvent(name), HOME)).toThrow(BadEventError);
  });

  it('says when it happened and what was seen', () => {
    expect(readEvent(recordedEvent('cloudtrail-update-addon'), HOME)).toEqual([
      {
        do: 'audit',
        request: {
          cluster: { partition: 'aws', account: '111122223333', region: 'us-west-2', name: 'shop-prod' },
          kind: 'audit',
          reason: 'addon-changed',
          source: 'aws.eks UpdateAddon 5a9d2c37-11c8-4f2b-8f0e-33f1f4b4f001',
          at: '2026-11-20T09:00:00Z',
          attempt: 1,
        },
      },
    ]);
  });
});
