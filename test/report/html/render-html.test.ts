import { FACT_KEYS } from '../../../shared/model/snapshot.ts';
import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderHtml } from '../../../shared/report/html/render-html.ts';
import { benignReport, clusterAt, hostileReport, largeReport, sampleReport } from '../../support/report-sample.ts';
import { PAYLOADS } from '../sample/hostile.ts';

const page = renderHtml(sampleReport());
const inner = (markup: string, tag: string): string => new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(markup)?.[1] ?? '';
const hash = (text: string): string => createHash('sha256').update(text).digest('base64');

describe('the file', () => {
  it('allows itself its own style and script and nothing else', () => {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1];
    expect(policy).toBe(
      `default-src 'none'; style-src 'sha256-${hash(inner(page, 'style'))}'; script-src 'sha256-${hash(inner(page, 'script'))}'; img-src data:; base-uri 'none'; form-action 'none'`,
    );
    expect(inner(page, 'style').length).toBeGreaterThan(1000);
    expect(inner(page, 'script').length).toBeGreaterThan(1000);
  });

  it('asks for nothing, styles nothing inline and handles nothing inline', () => {
    const markup = page.replace(inner(page, 'style'), '').replace(inner(page, 'script'), '');
    expect(markup).not.toMatch(/\s(?:src|srcset|style|on[a-z]+|action|formaction|poster|data)=/);
    expect(
      [...markup.matchAll(/href="([^"]*)"/g)]
        .map(([, target]) => target)
        .filter((target) => !/^(?:#|https:\/\/|data:,$)/.test(target ?? '')),
    ).toEqual([]);
    expect(inner(page, 'style')).not.toMatch(/@import|url\(|expression\(/);
    expect(inner(page, 'script')).not.toMatch(
      /eval\(|new Function|innerHTML|outerHTML|insertAdjacentHTML|document\.write|fetch\(|XMLHttpRequest|import\(/,
    );
  });

  it('is the same bytes for the same report', () => {
    expect(renderHtml(sampleReport())).toBe(page);
  });

  it('has the elements that a reader without eyes steers by', () => {
    for (const landmark of [
      '<header class="top">',
      '<nav aria-label="Sections">',
      '<main>',
      '<footer>',
      'role="search"',
    ]) {
      expect(page.split(landmark)).toHaveLength(2);
    }
    expect(page).toContain('<html lang="en">');
    expect(page).toContain('<p id="shown" role="status" aria-live="polite"></p>');
    const tables = page.split('<table ').slice(1);
    expect(tables.length).toBeGreaterThan(20);
    for (const table of tables) expect(table).toMatch(/^[^>]*>\s*<caption class="vh">[^<]+<\/caption>/);
    expect(page.match(/<th(?! scope="(?:row|col)")[\s>]/g)).toBe(null);
  });
});

/** Tags with the names of their attributes, without the spans that only steer line breaks. */
const skeleton = (markup: string): string =>
  [...markup.replaceAll(/<span class="word">([^<]*)<\/span>/g, '$1').matchAll(/<[^>]*>/g)]
    .map(([tag]) => tag.replaceAll(/="[^"]*"/g, ''))
    .toSorted()
    .join('\n');

describe('hostile text', () => {
  const benign = skeleton(renderHtml(benignReport()));

  it('adds no element and no attribute', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.constantFrom(...PAYLOADS),
          fc.string({ unit: 'binary', maxLength: 30 }),
          fc.string({ maxLength: 30 }),
        ),
        (payload) => {
          const text = renderHtml(hostileReport(payload));
          expect(skeleton(text)).toBe(benign);
          expect(text.replaceAll(/[\n\t]/g, '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('does not change what may run', () => {
    const worst = renderHtml(hostileReport(PAYLOADS.join('')));
    expect(inner(worst, 'script')).toBe(inner(page, 'script'));
    expect(inner(worst, 'style')).toBe(inner(page, 'style'));
  });
});

describe('the content', () => {
  const text = page
    .replace(inner(page, 'style'), '')
    .replace(inner(page, 'script'), '')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/\s+/g, ' ');

  it('answers the question first', () => {
    const start = text.indexOf('Is NetworkPolicy enforced on every node?');
    expect(start).toBeGreaterThan(0);
    expect(text.slice(start, start + 130)).toBe(
      'Is NetworkPolicy enforced on every node? NO Not enforced on 6 nodes in 2 of 6 clusters. 2 of 6 clusters could not be judged in ful',
    );
  });

  it('has one row for each outcome and for each open finding that nobody looked at', () => {
    expect(page.match(/<tr\s+data-row/g)).toHaveLength(100);
    expect(page.match(/data-status="fail"/g)).toHaveLength(12);
    expect(page.match(/data-status="not-evaluated"/g)).toHaveLength(12);
    expect(page.match(/data-status="pass"/g)).toHaveLength(70);
    expect(page.match(/data-status="not-applicable"/g)).toHaveLength(6);
    expect(renderHtml(largeReport()).match(/<tr\s+data-row/g)).toHaveLength(5050);
  });

  it('shows what a pass rests on as well as a failure', () => {
    expect(text).toContain(
      'Every link of the chain holds on this node Evidence: 3 facts kubernetes.nodes [name=ip-10-0-1-10.us-west-2.compute.internal].kernelVersion 6.1.147-172.266.amzn2023.x86_64 observed: seen on the thing itself; GET /api/v1/nodes, 2026-11-20 09:00 UTC',
    );
  });

  it('says what could not be read, why, and what went without an answer for it', () => {
    expect(text).toContain(
      'Could not read kubernetes.nodes: access denied. The API refused the call. GET /api/v1/nodes: nodes is forbidden',
    );
    expect(text).toContain(`What could not be read: ${FACT_KEYS.length} facts 1 of them left checks without an answer`);
  });

  it('gives the fix with the cluster filled in, where to run it and whose word it is', () => {
    expect(text).toContain(
      'aws eks update-addon --cluster-name payments-prod --addon-name vpc-cni --resolve-conflicts PRESERVE --configuration-values &#39;{&quot;enableNetworkPolicy&quot;:&quot;true&quot;}&#39;',
    );
    expect(text).toContain('For payments-prod in us-west-2, account 111122223333. Official documentation');
    expect(text).toContain(
      'Amazon EKS User Guide, rolling: Limit Pod traffic with Kubernetes network policies read 2026-08-22',
    );
  });

  it('marks what is new, what is excepted and what nobody could verify', () => {
    expect(text).toContain('the agent cannot pin its programs new in this run');
    expect(text).toContain('EXCEPTED until 2027-01-31 by team-checkout: Node size grows in December');
    expect(text).toContain(
      'A finding of an earlier run, open since 2026-11-12, not verified since 2026-11-19. This run did not look at it.',
    );
  });

  it('has the matrix of checks and clusters', () => {
    expect(text).toContain('network-policy/bpffs-mounted FAIL 1 PASS 3 UNKNOWN 1 UNKNOWN 2 PASS 6 PASS 4');
  });

  it('folds a long list of changes, as a first run has', () => {
    expect(page).not.toContain('<details class="more"><summary>4 opened');
    const spec = {
      version: '1.33',
      cni: 'v1',
      nodes: ['agent-off'],
      changes: { 'network-policy/enforced': 'opened' },
    } as const;
    const many = Array.from({ length: 9 }, (_, index) => ({
      ...spec,
      cluster: clusterAt(`lab-${index}`, 'us-west-2'),
    }));
    expect(renderHtml(sampleReport(many, [])).replaceAll('\n', '')).toContain(
      '<details class="more"><summary>9 opened</summary>',
    );
  });

  it('says so where there is nothing', () => {
    const empty = renderHtml(sampleReport([], []));
    expect(empty).toContain('NOTHING AUDITED');
    expect(empty).toContain('<p>No cluster was audited.</p>');
    expect(empty).toContain('<p>There are none.</p>');
  });

  it('shows a report on one cluster, and one without any outcome', () => {
    const lab = { cluster: clusterAt('lab', 'us-west-2'), version: '1.33', cni: 'v1', nodes: ['enforced'] } as const;
    const report = sampleReport([lab], []);
    expect(renderHtml(report)).not.toContain('matrix-wrap"');
    const [cluster] = report.clusters;
    if (cluster === undefined) throw new Error('no cluster');
    const blank = { ...report, clusters: [{ ...cluster, evaluation: { ...cluster.evaluation, outcomes: [] } }] };
    expect(renderHtml(blank)).toContain('No check was evaluated on this cluster: nothing is known about it.');
    expect(renderHtml(blank)).toContain('<span class="badge unknown">UNKNOWN</span>');
  });
});
