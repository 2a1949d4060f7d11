import type { Container } from './facts-kubernetes.ts';

/** Whether the variable is, or may be, set to something that was not read: its default must not be taken for it. */
export const isUnresolved = (
  container: Pick<Container, 'env' | 'unresolvedEnv'> | undefined,
  name: string,
): boolean => {
  if (container?.unresolvedEnv === undefined || Object.hasOwn(container.env, name)) return false;
  return container.unresolvedEnv === 'any' || container.unresolvedEnv.includes(name);
};
