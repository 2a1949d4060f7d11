import type { Fact } from '../../model/fact.ts';
import type { Node, NodeClass } from '../../model/facts-kubernetes.ts';
import { evidence, isUnobserved, missing, unreadable } from './evidence.ts';
import type { Link } from './link.ts';

export const NODE_CLASS_MESSAGES = {
  'node-class-mode': 'NodeClass {name} has networkPolicy {mode}',
  'node-class-invalid': 'NodeClass {name} has networkPolicy {mode}: only DefaultAllow and DefaultDeny are known',
  'node-class-unknown': 'It cannot be told which NodeClass made this node',
} as const;

/** The label that Auto Mode puts on its nodes; with a single NodeClass there is nothing to tell apart. */
const NODE_CLASS_LABEL = 'eks.amazonaws.com/nodeclass';

/** https://docs.aws.amazon.com/eks/latest/userguide/create-node-class.html (networkPolicy, default DefaultAllow). */
export const nodeClassMode = (
  node: Node,
  classes: Fact<readonly NodeClass[]>,
): Link<keyof typeof NODE_CLASS_MESSAGES> => {
  if (isUnobserved(classes)) {
    return { state: 'unknown', message: 'node-class-unknown', missing: [missing('kubernetes.nodeclasses', classes)] };
  }
  const list = classes.state === 'observed' ? classes.value : [];
  const label = Object.hasOwn(node.labels, NODE_CLASS_LABEL) ? node.labels[NODE_CLASS_LABEL] : undefined;
  const found =
    label === undefined ? (list.length === 1 ? list[0] : undefined) : list.find(({ name }) => name === label);
  if (found === undefined) {
    const detail = `[name=${label ?? '(no label)'}]: expected the NodeClass of node ${node.name}, found ${list.length} others`;
    return {
      state: 'unknown',
      message: 'node-class-unknown',
      missing: [unreadable('kubernetes.nodeclasses', classes, detail)],
    };
  }
  const values = { name: found.name, mode: found.networkPolicy };
  const seen = evidence('kubernetes.nodeclasses', classes, `[name=${found.name}].networkPolicy`, found.networkPolicy);
  return found.networkPolicy === 'DefaultAllow' || found.networkPolicy === 'DefaultDeny'
    ? { state: 'holds', message: 'node-class-mode', values, evidence: [seen] }
    : { state: 'broken', message: 'node-class-invalid', values, evidence: [seen] };
};
