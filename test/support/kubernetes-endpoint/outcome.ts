import { KubernetesError } from '../../../shared/runtime/kubernetes/error.ts';

/** How a call ended: `read`, or the name of the error that it threw. */
export const endOf = (act: () => unknown): string => {
  try {
    act();
    return 'read';
  } catch (error) {
    return error instanceof Error ? error.name : 'thrown';
  }
};

/** The KubernetesError with which a promise is rejected; anything else fails the test. */
export const failureOf = async (promise: Promise<unknown>): Promise<KubernetesError> => {
  const thrown: unknown = await promise.then(
    () => 'no error',
    (error: unknown) => error,
  );
  if (thrown instanceof KubernetesError) return thrown;
  throw new Error('expected a KubernetesError', { cause: thrown });
};
