import { readFileSync } from 'node:fs';

/** Objects as the API server's own serializers write them; see golden/README.md. */
export const goldenProtobuf = (name: 'pod-list' | 'node-list' | 'status-gone'): Buffer =>
  readFileSync(new URL(`golden/${name}.generated.pb`, import.meta.url));

/** The text of the same objects in JSON. */
export const goldenJson = (name: 'pod-list' | 'node-list' | 'status-gone'): string =>
  readFileSync(new URL(`golden/${name}.generated.json`, import.meta.url), 'utf8');

/** The items of a golden list in JSON. */
export const goldenItems = (name: 'pod-list' | 'node-list'): readonly unknown[] =>
  // generate.go writes lists.
  (JSON.parse(goldenJson(name)) as { readonly items: readonly unknown[] }).items;
