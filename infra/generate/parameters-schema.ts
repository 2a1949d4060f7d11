/**
 * Writes infra/parameters.schema.json, the form of infra/parameters.<stage>.yml, from the parameters of the packaged
 * template. Apart from `npm run generate`, because it has to package:
 *   npx node infra/generate/parameters-schema.ts
 */
import { writeFile } from 'node:fs/promises';
import { type Template, withPackaged } from '../validate.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html */
interface Parameter {
  readonly Type: 'String' | 'CommaDelimitedList';
  readonly Description: string;
  readonly Default: string;
  readonly AllowedPattern?: string;
  readonly AllowedValues?: readonly string[];
}

const property = ({ Type, Description, Default, AllowedPattern, AllowedValues }: Parameter): object =>
  Type === 'CommaDelimitedList'
    ? { description: Description, type: 'array', items: { type: 'string', pattern: AllowedPattern } }
    : {
        description: Description,
        type: 'string',
        default: Default,
        ...(AllowedPattern === undefined ? {} : { pattern: AllowedPattern }),
        ...(AllowedValues === undefined ? {} : { enum: AllowedValues }),
      };

/** JSON Schema of a file that gives some of the parameters their values. */
export const parametersSchema = ({ Parameters = {} }: Template): string => {
  // Every parameter of ours is one of these two types: infra/resources/parameters.yml.
  const parameters = Object.entries(Parameters) as readonly (readonly [string, Parameter])[];
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Parameters of the Netpol Warden service',
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(parameters.map(([name, parameter]) => [name, property(parameter)])),
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
};

if (import.meta.main) {
  const path = new URL('../parameters.schema.json', import.meta.url).pathname;
  await writeFile(path, await withPackaged(({ template }) => parametersSchema(template)));
  process.stdout.write(`${path} written\n`);
}
