import type { Resource, Template } from '../../infra/validate.ts';

export interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource?: unknown;
}

export const ofType = ({ Resources }: Template, type: string): readonly (readonly [string, Resource])[] =>
  Object.entries(Resources).filter(([, { Type }]) => Type === type);

const child = (value: unknown, name: string): unknown =>
  // A JSON object or array; reading an unknown name gives undefined.
  typeof value === 'object' && value !== null ? (value as { readonly [key: string]: unknown })[name] : undefined;

/** `RedrivePolicy.maxReceiveCount` of its properties. */
export const property = ({ Properties }: Resource, path: string): unknown => path.split('.').reduce(child, Properties);

export const destinationOf = (resource: Resource): unknown =>
  property(resource, 'DestinationConfig.OnFailure.Destination');

const documents = (resource: Resource): readonly unknown[] => {
  const inline = property(resource, 'Policies');
  const own = property(resource, 'PolicyDocument');
  return [
    ...(Array.isArray(inline) ? inline.map((policy: unknown) => child(policy, 'PolicyDocument')) : []),
    ...(own === undefined ? [] : [own]),
  ];
};

/** Each statement of a role or a policy of IAM, with the resource that has it. */
export const statementsOf = (template: Template): readonly (readonly [string, Statement])[] =>
  Object.entries(template.Resources)
    .filter(([, { Type }]) => Type.startsWith('AWS::IAM::'))
    .flatMap(([id, resource]) =>
      documents(resource)
        // The form of an IAM policy document.
        .flatMap((document) => child(document, 'Statement') as readonly Statement[])
        .map((statement) => [id, statement] as const),
    );

export const actionsOf = ({ Action }: Statement): readonly string[] => (typeof Action === 'string' ? [Action] : Action);
