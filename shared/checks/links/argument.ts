import type { Container } from '../../model/facts-kubernetes.ts';

/** `$$` is a dollar; `$(NAME)` the variable; a dollar before anything else is itself. */
const REFERENCE = /\$\$|\$\(([^)]*)\)/g;

/**
 * An argument as kubelet hands it to the program: `$(NAME)` is replaced from the container's environment and `$$(NAME)`
 * is the text `$(NAME)`. Undefined where a variable is not among those that were read: variables from ConfigMaps, Secrets
 * and fields are not, and one whose value refers to others is not followed.
 * https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/#use-environment-variables-to-define-arguments
 */
export const expandArgument = (argument: string, { env }: Pick<Container, 'env'>): string | undefined => {
  let known = true;
  const expanded = argument.replace(REFERENCE, (whole, name: string | undefined) => {
    if (name === undefined) return '$';
    const value = Object.hasOwn(env, name) ? env[name] : undefined;
    if (value === undefined || value.includes('$')) known = false;
    return value ?? whole;
  });
  return known ? expanded : undefined;
};

/** For the detail of what is missing. */
export const UNRESOLVED = 'its value comes from a ConfigMap, a Secret or a field, which was not read';

/** `--name` or `--name=value` as it is written; the name is undefined where a variable is part of it. */
export const writtenFlag = (argument: string): { readonly name: string | undefined } | undefined => {
  const [, name] = /^--([a-z0-9-]+)(?:=.*)?$/s.exec(argument) ?? [];
  if (name !== undefined) return { name };
  return argument.split('=', 1)[0]?.includes('$(') === true ? { name: undefined } : undefined;
};
