import { describe, expect, it } from 'vitest';
import { agentArguments, agentEnabled, agentPresent } from '../../../shared/checks/links/agent.ts';
import { observed } from '../../../shared/model/fact.ts';
import type { AwsNodePod } from '../../../shared/model/facts-kubernetes.ts';
import { agentContainer, AT, awsNodePod, cniContainer, daemonSet, eksCluster, node } from '../../support/cluster.ts';

/** What stands in the evidence is what an auditor reads; the cases of the checks assert only where it stands. */
const listed = (...pods: readonly AwsNodePod[]) => observed(pods, 'test', AT);
const values = (link: { readonly evidence?: readonly { readonly value: string }[] }) =>
  link.evidence?.map(({ value }) => value);

describe('agentPresent', () => {
  it('shows readiness, state and restarts of the agent', () => {
    expect(values(agentPresent(node(), listed(awsNodePod())))).toEqual(['ready=true state=running restarts=0']);
  });

  it('shows a crash loop', () => {
    const status = {
      name: 'aws-eks-nodeagent',
      ready: false,
      restartCount: 17,
      state: 'waiting',
      reason: 'X',
    } as const;
    expect(values(agentPresent(node(), listed(awsNodePod({ statuses: [status] }))))).toEqual([
      'ready=false state=waiting restarts=17',
    ]);
  });

  it('shows a status that is not there yet as not ready and unknown, never as ready', () => {
    expect(values(agentPresent(node(), listed(awsNodePod({ statuses: [] }))))).toEqual([
      'ready=false state=unknown restarts=0',
    ]);
  });

  it('shows which containers there are instead of the agent', () => {
    const pod = awsNodePod({ containers: [cniContainer(), agentContainer({ name: 'istio-proxy' })] });
    expect(values(agentPresent(node(), listed(pod)))).toEqual(['aws-node, istio-proxy']);
  });

  it('shows that there is no pod', () => {
    expect(values(agentPresent(node(), listed()))).toEqual(['none']);
  });
});

describe('agentEnabled', () => {
  const cluster = observed(eksCluster({ ipFamily: 'ipv6' }), 'test', AT);

  it('shows the argument that decided, as it is written', () => {
    const pod = awsNodePod({ containers: [agentContainer({ args: ['--enable-network-policy', '--enable-ipv6'] })] });
    expect(values(agentEnabled(node(), listed(pod), cluster))).toEqual(['--enable-network-policy']);
  });

  it('shows the argument of the IP family where that is what is wrong', () => {
    const pod = awsNodePod({ containers: [agentContainer({ args: ['--enable-network-policy'] })] });
    expect(values(agentEnabled(node(), listed(pod), cluster))).toEqual(['--enable-ipv6 not set (default false)']);
  });
});

describe('agentArguments', () => {
  it('shows the argument in the template of the DaemonSet', () => {
    expect(values(agentArguments(observed(daemonSet(), 'test', AT)))).toEqual(['--enable-network-policy=true']);
  });

  it('shows which containers there are instead of the agent', () => {
    const without = daemonSet({ containers: [cniContainer()] });
    expect(values(agentArguments(observed(without, 'test', AT)))).toEqual(['aws-node']);
  });
});
