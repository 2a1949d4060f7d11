import { describe, expect, it } from 'vitest';
import type { AuditReport } from '../../shared/model/report.ts';
import { renderJunit } from '../../shared/report/render-junit.ts';
import { benignReport, worstReport } from '../support/report-sample.ts';

const SAMPLE_REPORT = benignReport();
const HOSTILE_REPORT = worstReport();

interface Element {
  readonly name: string;
  readonly attributes: { readonly [name: string]: string };
  readonly children: Element[];
}

const TOKEN = /<(\/?)([a-z]+)((?: [a-z]+="[^"<]*")*)(\/?)>|([^<]+)/gy;

/** The part of XML that is written here, and nothing else: what it does not know is an error. */
const parse = (xml: string): Element => {
  const root: Element = { name: '', attributes: {}, children: [] };
  const open = [root];
  const body = xml.replace('<?xml version="1.0" encoding="UTF-8"?>\n', '');
  let at = 0;
  for (const [whole, closing, name = '', attributes = '', empty, text] of body.matchAll(TOKEN)) {
    at += whole.length;
    if (text !== undefined) {
      if (/&(?!(amp|lt|gt|quot|apos);)/.test(text)) throw new Error(`a bare & in ${text}`);
      continue;
    }
    if (closing === '/') {
      if (open.pop()?.name !== name) throw new Error(`</${name}> closes something else`);
      continue;
    }
    const element: Element = {
      name,
      attributes: Object.fromEntries(
        [...attributes.matchAll(/ ([a-z]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value]),
      ),
      children: [],
    };
    open.at(-1)?.children.push(element);
    if (empty !== '/') open.push(element);
  }
  if (at !== body.length || open.length !== 1) throw new Error(`not well-formed at ${at}`);
  const [only] = root.children;
  if (only === undefined) throw new Error('no root');
  return only;
};

const casesOf = (root: Element): readonly Element[] => root.children.flatMap(({ children }) => children);
const kindOf = ({ children: [first] }: Element): string => first?.name ?? 'passed';

const checkCounts = (element: Element, cases: readonly Element[]): void => {
  const of = (kind: string): string => String(cases.filter((each) => kindOf(each) === kind).length);
  expect(element.attributes).toMatchObject({
    tests: String(cases.length),
    failures: of('failure'),
    errors: of('error'),
    skipped: of('skipped'),
  });
};

describe('an audit as JUnit XML', () => {
  const root = parse(renderJunit(SAMPLE_REPORT));

  it('has a suite for each cluster, and counts that agree with its cases', () => {
    expect(root.name).toBe('testsuites');
    expect(root.children.map(({ name }) => name)).toEqual(root.children.map(() => 'testsuite'));
    checkCounts(root, casesOf(root));
    for (const suite of root.children) checkCounts(suite, suite.children);
  });

  it('says error of what could not be looked at, failure of what fails, and neither of what passes', () => {
    const outcomes = SAMPLE_REPORT.clusters.flatMap(({ evaluation }) => evaluation.outcomes);
    const passes = outcomes.filter(({ status }) => status === 'pass').length;
    const kinds = casesOf(root).map(kindOf);

    expect(kinds.filter((kind) => kind === 'passed')).toHaveLength(passes);
    expect(kinds).toContain('error');
    expect(kinds).toContain('failure');
  });

  it('has an error for an input that could not be read', () => {
    const report: AuditReport = {
      ...SAMPLE_REPORT,
      clusters: [],
      unreadable: [{ path: 'a.json', problem: 'a.json: expected JSON' }],
    };
    const { children, attributes } = parse(renderJunit(report));

    expect(attributes).toMatchObject({ tests: '1', failures: '0', errors: '1' });
    expect(children[0]?.children[0]?.children[0]).toMatchObject({
      name: 'error',
      attributes: { message: 'a.json: expected JSON', type: 'unreadable' },
    });
  });

  it('is well-formed whatever the names, and holds no character that XML 1.0 forbids', () => {
    const xml = renderJunit(HOSTILE_REPORT);

    expect(casesOf(parse(xml)).length).toBeGreaterThan(0);
    expect(xml.isWellFormed()).toBe(true);
    // eslint-disable-next-line no-control-regex -- that none of them is there is the assertion
    expect(xml).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
  });
});
