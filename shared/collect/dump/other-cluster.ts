import { describeFound, valueAt } from '../normalise/expectation.ts';
import { MalformedError } from '../normalise/malformed-error.ts';

/**
 * EKS repeats the cluster's name in what belongs to it. A file that came from another cluster's dump would be evidence
 * of the wrong cluster.
 * @throws MalformedError
 */
export const refuseOtherCluster = (value: unknown, field: 'addon' | 'nodegroup', cluster: string): void => {
  const named = valueAt(value, [field, 'clusterName']);
  if (named !== undefined && named !== cluster) {
    throw new MalformedError(`${field}.clusterName`, describeFound(cluster), describeFound(named));
  }
};
