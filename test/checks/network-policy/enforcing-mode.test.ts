import check from '../../../shared/checks/network-policy/enforcing-mode.ts';
import type { Container, DaemonSet } from '../../../shared/model/facts-kubernetes.ts';
import { checkTester } from '../../support/check-tester.ts';
import { addon, agentContainer, cniContainer, daemonSet, facts } from '../../support/cluster.ts';

const name = 'kube-system/aws-node';
const mode = 'kubernetes.aws-node:containers[name=aws-node].env.NETWORK_POLICY_ENFORCING_MODE';

const cni = (version: string, env: Container['env']): Container =>
  cniContainer({ image: `public.ecr.aws/eks/amazon-k8s-cni:${version}`, env });

const withAgent = (version: string, env: Container['env']): DaemonSet =>
  daemonSet({ containers: [cni(version, env), agentContainer()] });

const withoutAgent = (version: string, env: Container['env']): DaemonSet =>
  daemonSet({ containers: [cni(version, env)] });

checkTester(check, {
  pass: [
    {
      name: 'standard, as the manifest has it',
      facts: facts({ 'kubernetes.aws-node': withAgent('v1.21.1', { NETWORK_POLICY_ENFORCING_MODE: 'standard' }) }),
      expected: [
        {
          resource: name,
          message: 'mode-valid',
          text: 'NETWORK_POLICY_ENFORCING_MODE is standard',
          evidence: [mode],
          grades: ['observed'],
        },
      ],
    },
    {
      name: 'Strict: ipamd and the agent lower-case it',
      facts: facts({ 'kubernetes.aws-node': withAgent('v1.21.1', { NETWORK_POLICY_ENFORCING_MODE: 'Strict' }) }),
      expected: [{ resource: name, message: 'mode-valid', evidence: [mode] }],
    },
    {
      name: 'strict',
      facts: facts({ 'kubernetes.aws-node': withAgent('v1.21.1', { NETWORK_POLICY_ENFORCING_MODE: 'strict' }) }),
      expected: [
        { resource: name, message: 'mode-valid', text: 'NETWORK_POLICY_ENFORCING_MODE is strict', evidence: [mode] },
      ],
    },
    {
      name: 'strict at 1.17.1, the first release that knows the mode',
      facts: facts({ 'kubernetes.aws-node': withAgent('v1.17.1', { NETWORK_POLICY_ENFORCING_MODE: 'strict' }) }),
      expected: [{ resource: name, message: 'mode-valid', evidence: [mode] }],
    },
    {
      name: 'not set at 1.17.1: standard is the default there',
      facts: facts({ 'kubernetes.aws-node': withAgent('v1.17.1', {}) }),
      expected: [
        {
          resource: name,
          message: 'mode-default',
          text: 'NETWORK_POLICY_ENFORCING_MODE is not set: the default is standard',
          evidence: [mode],
        },
      ],
    },
    {
      name: 'standard without an agent at 1.19.3: the plugin only logs that it cannot reach one',
      facts: facts({ 'kubernetes.aws-node': withoutAgent('v1.19.3', { NETWORK_POLICY_ENFORCING_MODE: 'standard' }) }),
      expected: [{ resource: name, message: 'mode-valid', evidence: [mode] }],
    },
    {
      name: 'no agent and no mode at 1.19.4, as the README asks of whoever removes the agent',
      facts: facts({ 'kubernetes.aws-node': withoutAgent('v1.19.4', {}) }),
      expected: [{ resource: name, message: 'mode-default', evidence: [mode] }],
    },
    {
      name: 'a mode beside an agent needs no version',
      facts: facts({ 'kubernetes.aws-node': withAgent('latest', { NETWORK_POLICY_ENFORCING_MODE: 'standard' }) }),
      expected: [{ resource: name, message: 'mode-valid', evidence: [mode] }],
    },
  ],
  fail: [
    {
      name: 'permissive is no mode',
      facts: facts({ 'kubernetes.aws-node': withAgent('v1.21.1', { NETWORK_POLICY_ENFORCING_MODE: 'permissive' }) }),
      expected: [
        {
          resource: name,
          message: 'mode-invalid',
          text: 'NETWORK_POLICY_ENFORCING_MODE is "permissive": only standard and strict enforce',
          evidence: [mode],
          grades: ['observed'],
        },
      ],
    },
    {
      name: 'a blank behind strict makes it another word',
      facts: facts({ 'kubernetes.aws-node': withAgent('v1.17.1', { NETWORK_POLICY_ENFORCING_MODE: 'strict ' }) }),
      expected: [{ resource: name, message: 'mode-invalid', evidence: [mode] }],
    },
    {
      name: 'set to nothing at 1.19.4 is the same as not set: the agent is never told of a pod',
      facts: facts({ 'kubernetes.aws-node': withAgent('v1.19.4', { NETWORK_POLICY_ENFORCING_MODE: '' }) }),
      expected: [{ resource: name, message: 'mode-unset', evidence: [mode] }],
    },
    {
      name: 'strict without an agent at 1.17.1: the plugin asks the agent in strict mode from the first',
      facts: facts({ 'kubernetes.aws-node': withoutAgent('v1.17.1', { NETWORK_POLICY_ENFORCING_MODE: 'strict' }) }),
      expected: [{ resource: name, message: 'mode-without-agent', evidence: [mode] }],
    },
    {
      name: 'standard without an agent at 1.19.4: every pod start now waits for the agent',
      facts: facts({ 'kubernetes.aws-node': withoutAgent('v1.19.4', { NETWORK_POLICY_ENFORCING_MODE: 'standard' }) }),
      expected: [
        {
          resource: name,
          message: 'mode-without-agent',
          text: 'NETWORK_POLICY_ENFORCING_MODE is standard without an agent container: no pod can start',
          evidence: [mode],
          grades: ['observed'],
        },
      ],
    },
    {
      name: 'the version of a digest-only image comes from the add-on',
      facts: facts({
        'kubernetes.aws-node': daemonSet({
          containers: [
            cniContainer({
              image: 'public.ecr.aws/eks/amazon-k8s-cni@sha256:0a1b',
              env: { NETWORK_POLICY_ENFORCING_MODE: 'strict' },
            }),
          ],
        }),
        'eks.vpc-cni-addon': addon({ version: 'v1.19.4-eksbuild.1' }),
      }),
      expected: [{ resource: name, message: 'mode-without-agent', evidence: [mode] }],
    },
  ],
  notApplicable: [
    {
      name: '1.17.0 does not know the mode yet',
      facts: facts({ 'kubernetes.aws-node': withAgent('v1.17.0', { NETWORK_POLICY_ENFORCING_MODE: 'strict' }) }),
      expected: [
        {
          resource: name,
          message: 'mode-not-known',
          text: 'VPC CNI 1.17.0 has no enforcing mode yet (it came with 1.17.1): pods start open',
        },
      ],
    },
    {
      name: 'a cluster of EKS Auto Mode alone sets the mode in its NodeClass',
      facts: facts({ 'kubernetes.aws-node': 'absent' }),
      expected: [{ resource: name, message: 'no-aws-node' }],
    },
  ],
  notEvaluated: [
    {
      name: 'the DaemonSet could not be read',
      facts: facts({ 'kubernetes.aws-node': 'denied' }),
      expected: [{ resource: 'shop-prod', message: 'facts-missing', missing: ['kubernetes.aws-node'] }],
    },
    {
      name: 'standard without an agent, and an image that tells no version',
      facts: facts({
        'eks.vpc-cni-addon': 'absent',
        'kubernetes.aws-node': withoutAgent('latest', { NETWORK_POLICY_ENFORCING_MODE: 'standard' }),
      }),
      expected: [{ resource: name, message: 'mode-undecided', missing: ['kubernetes.aws-node'] }],
    },
    {
      name: 'a mode from a ConfigMap is not the default',
      facts: facts({
        'kubernetes.aws-node': daemonSet({
          containers: [
            cniContainer({ env: {}, unresolvedEnv: ['NETWORK_POLICY_ENFORCING_MODE'] }),
            agentContainer({ unresolvedEnv: 'any' }),
          ],
        }),
      }),
      expected: [
        {
          resource: name,
          message: 'mode-unresolved',
          text: 'NETWORK_POLICY_ENFORCING_MODE is set from elsewhere, and its value was not read',
          missing: ['kubernetes.aws-node'],
        },
      ],
    },
  ],
});
