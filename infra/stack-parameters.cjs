// The values of infra/parameters.<stage>.yml in the form that CloudFormation takes; without that file every parameter has
// its default. serverless.yml names this file, and osls loads nothing but CommonJS.
const { existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { load } = require('js-yaml');

const { properties } = JSON.parse(readFileSync(join(__dirname, 'parameters.schema.json'), 'utf8'));

/** What is wrong with a value, of the few things that infra/parameters.schema.json can demand. */
const problemOf = (key, value) => {
  const schema = Object.hasOwn(properties, key) ? properties[key] : undefined;
  if (schema === undefined) return 'no such parameter';
  if (Array.isArray(value) !== (schema.type === 'array')) return `expected ${schema.type}`;
  const { pattern = '', enum: allowed } = schema.items ?? schema;
  for (const each of Array.isArray(value) ? value : [value]) {
    if (typeof each !== 'string') return 'expected text: put it in quotes';
    if (!new RegExp(pattern, 'u').test(each)) return `expected ${pattern}`;
    if (allowed !== undefined && !allowed.includes(each)) return `expected one of ${allowed.join(', ')}`;
  }
  return undefined;
};

module.exports = async ({ resolveVariable }) => {
  const name = `parameters.${await resolveVariable('sls:stage')}.yml`;
  const path = join(__dirname, name);
  if (!existsSync(path)) return [];
  return Object.entries(load(readFileSync(path, 'utf8')) ?? {}).map(([ParameterKey, value]) => {
    const problem = problemOf(ParameterKey, value);
    if (problem !== undefined) throw new Error(`infra/${name}: ${ParameterKey}: ${problem}`);
    return { ParameterKey, ParameterValue: [value].flat().join(',') };
  });
};
