import { type Detail, fieldOf, textOf } from './envelope.ts';
import type { ApiCall } from './cloudtrail.ts';
import { clustersOfTags, isOfAutoScalingGroup } from './cluster-of-tags.ts';
import { clusterIn, INSTANCE_ID, sourceText } from './place.ts';
import { forCluster, type Intent, nothing, type Triggered } from './request.ts';

const TEMPLATE_CALLS = new Set(['CreateLaunchTemplateVersion', 'ModifyLaunchTemplate', 'DeleteLaunchTemplateVersions']);
const TEMPLATE_ID = /^lt-(?:[0-9a-f]{8}|[0-9a-f]{17})$/;
const DEPTH = 4;
const MOST_INSTANCES = 1000;

/** EC2's records nest their members under the operation's name, in more than one spelling. */
const findText = (value: unknown, key: string, depth = DEPTH): string | undefined => {
  if (depth === 0 || typeof value !== 'object' || value === null) return undefined;
  // An object that is not null has own string keys and values of any kind.
  for (const [name, inner] of Object.entries(value as Detail)) {
    if (name.toLowerCase() === key && typeof inner === 'string') return inner;
    const found = findText(inner, key, depth - 1);
    if (found !== undefined) return found;
  }
  return undefined;
};

const templateOf = (call: ApiCall): { readonly id: string } | { readonly name: string } | undefined => {
  const id = findText(call.request, 'launchtemplateid') ?? findText(call.response, 'launchtemplateid');
  if (id !== undefined && TEMPLATE_ID.test(id)) return { id };
  const name = findText(call.request, 'launchtemplatename') ?? findText(call.response, 'launchtemplatename');
  return name === undefined ? undefined : { name };
};

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Of instances, as the caller gave them with the launch. */
const tagsOf = (request: unknown): { readonly [key: string]: string } =>
  Object.fromEntries(
    listOf(fieldOf(fieldOf(request, 'tagSpecificationSet'), 'items'))
      .filter((item) => textOf(item, 'resourceType') === 'instance')
      .flatMap((item) => listOf(fieldOf(item, 'tags')))
      .flatMap((tag) => {
        const key = textOf(tag, 'key');
        const value = textOf(tag, 'value');
        return key === undefined || value === undefined ? [] : [[key, value] as const];
      }),
  );

const fromRunInstances = ({ event, request, response, source }: ApiCall): readonly Triggered[] => {
  const tags = tagsOf(request);
  if (isOfAutoScalingGroup(tags)) return nothing('the Auto Scaling group of these instances sends events of its own');
  const [name] = clustersOfTags(tags);
  const cluster = clusterIn(event.place, name);
  if (cluster === undefined) return nothing('instances of no cluster');
  const ids = listOf(fieldOf(fieldOf(response, 'instancesSet'), 'items'))
    .flatMap((item) => textOf(item, 'instanceId') ?? [])
    .filter((id) => INSTANCE_ID.test(id))
    .slice(0, MOST_INSTANCES);
  if (ids.length === 0) return nothing('RunInstances that launched nothing');
  const verifications = ids.map((instanceId): Intent => ({ do: 'verify', instanceId, launchedAt: event.time }));
  return forCluster(cluster, [{ do: 'audit', reason: 'nodes-launched', source, at: event.time }, ...verifications]);
};

/** Launch templates and instances. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Operations.html */
export const fromEc2Call = (call: ApiCall): readonly Triggered[] => {
  const { event, name, source } = call;
  if (name === 'RunInstances') return fromRunInstances(call);
  if (!TEMPLATE_CALLS.has(name)) return nothing(`${sourceText(name)} changes no node`);
  const template = templateOf(call);
  if (template === undefined) return nothing(`${name} names no launch template`);
  const intents: readonly Intent[] = [{ do: 'audit', reason: 'launch-template-changed', source, at: event.time }];
  return [{ do: 'look-up', lookUp: { need: 'launch-template', template, place: event.place, intents } }];
};
