/**
 * EventBridge's matching, of the operators that our patterns use: exact values, `prefix`, `exists` and `anything-but`. A pattern's lists
 * are alternatives, an event's lists are anything in them.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
type Tree = { readonly [key: string]: unknown };

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);

const leafMatches = (wanted: unknown, value: unknown): boolean => {
  if (!isTree(wanted)) return value === wanted;
  const [operator] = Object.keys(wanted);
  switch (operator) {
    case 'exists':
      return wanted['exists'] === (value !== undefined);
    case 'anything-but': {
      const unwanted = wanted['anything-but'];
      return value !== undefined && !(Array.isArray(unwanted) ? unwanted : [unwanted]).includes(value);
    }
    case 'prefix':
      return typeof value === 'string' && value.startsWith(String(wanted['prefix']));
    default:
      throw new Error(`the operator ${String(operator)} is not known here`);
  }
};

/** Whether an event, or a part of one, matches a pattern. */
export const matches = (pattern: unknown, event: unknown): boolean => {
  if (Array.isArray(event)) return event.some((each) => matches(pattern, each));
  if (Array.isArray(pattern)) return pattern.some((wanted) => leafMatches(wanted, event));
  if (!isTree(pattern)) throw new Error('a pattern has lists at its leaves');
  return Object.entries(pattern).every(([key, inner]) => matches(inner, isTree(event) ? event[key] : undefined));
};
