import { defineCheck, HOUR_SECONDS } from '../../model/check.ts';
import { toResult } from '../links/link.ts';
import { AMAZON_VPC_CNI } from '../links/resources.ts';
import { controllerEnabled, CONTROLLER_ENABLED_MESSAGES } from '../links/switches.ts';

export default defineCheck({
  id: 'network-policy/controller-enabled',
  title: 'ConfigMap amazon-vpc-cni switches the network policy controller on',
  severity: 'high',
  resource: 'configmap',
  rationale:
    'The controller in the EKS control plane makes the PolicyEndpoints that agents enforce. With the key off, or missing, agents have nothing to enforce and nothing says so.',
  remediation: {
    text: 'For the vpc-cni add-on set enableNetworkPolicy to "true", which sets this key too. On EKS Auto Mode and with a self-managed VPC CNI set the key itself.',
    command:
      'kubectl -n kube-system patch configmap amazon-vpc-cni --type merge -p \'{"data":{"enable-network-policy-controller":"true"}}\'',
    url: 'https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy-configure.html',
  },
  references: [
    {
      standard: 'eks-user-guide',
      control: 'Configure your cluster for Kubernetes network policies',
      url: 'https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy-configure.html',
      readOn: '2026-08-22',
    },
    {
      standard: 'eks-user-guide',
      control: 'Use network policies with EKS Auto Mode',
      url: 'https://docs.aws.amazon.com/eks/latest/userguide/auto-net-pol.html',
      readOn: '2026-08-22',
    },
  ],
  lifecycle: 'stable',
  needs: { 'kubernetes.amazon-vpc-cni': { maxAgeSeconds: HOUR_SECONDS } },
  uses: [],
  messages: CONTROLLER_ENABLED_MESSAGES,
  evaluate: ({ 'kubernetes.amazon-vpc-cni': configMap }) => [toResult(AMAZON_VPC_CNI, controllerEnabled(configMap))],
});
