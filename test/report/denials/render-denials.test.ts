import { describe, expect, it } from 'vitest';
import { renderDenialsCsv, flowCsv, FLOW_CSV_HEADER } from '../../../shared/report/denials/render-denials-csv.ts';
import { renderDenialsHtml } from '../../../shared/report/denials/render-denials-html.ts';
import { flowJson, renderDenialsJson } from '../../../shared/report/denials/render-denials-json.ts';
import { renderDenialsTable } from '../../../shared/report/denials/render-denials-table.ts';
import { panelsOf } from '../../../shared/report/html/denial-map.ts';
import {
  COUNTS,
  EXPLANATION,
  manyPairs,
  outsideParty,
  pairOf,
  reportOf,
  SIGNAL,
  trafficOf,
  workloadParty,
} from './sample-traffic.ts';

const table = (...parameters: Parameters<typeof reportOf>): string =>
  renderDenialsTable(reportOf(...parameters), { columns: 120, colour: false, top: 10 });

const HOSTILE = '=HYPERLINK("https://x.test")\u001b[2J</title><script>alert(1)</script>,"\r\n';

const hostilePair = pairOf({
  source: { ...workloadParty('a', 'b'), label: HOSTILE },
  protocol: HOSTILE,
  explanation: { ...EXPLANATION, summary: [HOSTILE] },
});

describe('the table of denied traffic', () => {
  it('tells who, whom, how often, why and the whole manifest that would allow it', () => {
    const text = table(trafficOf([pairOf()], [SIGNAL]));

    expect(text).toContain('shop/web (Deployment) → payments/orders (Deployment)');
    expect(text).toContain('412×');
    expect(text).toContain('isolated on ingress by payments/default-deny');
    expect(text).toContain('fix: create NetworkPolicy payments/allow-web-to-orders-5432; opens nothing else');
    expect(text).toContain('          name: allow-web-to-orders-5432\n');
    expect(text).toContain('was denied DNS 37 times.');
  });

  it('accounts for every line, and shows what could not be read', () => {
    const text = table(trafficOf([]));

    expect(text).toContain(
      '1204 lines: 1100 flows (412 denied), 90 no verdicts, 14 unreadable (2 binary, 12 no address)',
    );
    expect(text).toContain('bad-address: Src: 10.0.999.1');
  });

  it('does not take an empty log for the absence of denials', () => {
    const nothing = { ...COUNTS, lines: 0, flows: 0, denied: 0, notVerdict: 0, unreadable: 0, unreadableBy: {} };

    expect(table({ ...trafficOf([]), counts: nothing })).toContain('whether anything was denied is unknown');
    expect(table(trafficOf([]))).not.toContain('unknown');
  });

  it('says why nothing is suggested', () => {
    const explanation = { ...EXPLANATION, suggestions: [], noSuggestion: 'Replies are allowed by themselves.' };

    expect(table(trafficOf([pairOf({ class: 'reply', explanation })]))).toContain(
      'fix: none. Replies are allowed by themselves.',
    );
  });

  it('says what was left out', () => {
    const text = renderDenialsTable(
      reportOf({ ...trafficOf(manyPairs(12)), omitted: { pairs: 3, lines: 9 }, exact: false }),
      { columns: 100, colour: false, top: 5 },
    );

    expect(text).toContain('7 more pairs: --top 12 shows all');
    expect(text).toContain('3 more pairs with 9 lines left out');
    expect(text).toContain('rare ones may be missing');
  });

  it('names the inputs that could not be read in full', () => {
    const text = table(trafficOf([]), { inputs: [{ name: 'a.gz', problems: ['the gzip data ends before its end'] }] });

    expect(text).toContain('a.gz');
    expect(text).toContain('the gzip data ends before its end');
  });

  it('keeps hostile names from acting on the terminal', () => {
    const text = table(trafficOf([hostilePair]));

    expect(text).not.toContain('\u001b');
    expect(text).toContain('\\u{1b}[2J');
  });
});

describe('denied traffic as CSV', () => {
  it('gives a record a pair under a header of as many fields', () => {
    const [header = '', row = '', end] = renderDenialsCsv(reportOf(trafficOf([pairOf()]))).split('\r\n');

    expect(header.split(',')).toHaveLength(row.split(',').length);
    expect(header.startsWith('key,source,source_kind')).toBe(true);
    expect(row).toContain('0123456789abcdef,shop/web (Deployment),Deployment,shop,web,exact,10.0.1.7,');
    expect(end).toBe('');
  });

  it('quotes, and disarms what a spreadsheet would run', () => {
    const rows = renderDenialsCsv(reportOf(trafficOf([hostilePair]))).split('\r\n');

    expect(rows).toHaveLength(3);
    expect(rows[1]).toContain(`"'=HYPERLINK(""https://x.test"")`);
  });

  it('gives a record a flow', () => {
    const flow = {
      time: 0,
      source: '10.0.0.1',
      destination: '10.0.0.2',
      sourcePort: 1,
      destinationPort: 53,
      protocol: 'UDP',
      verdict: 'DENY',
    };

    expect(FLOW_CSV_HEADER.split(',')).toHaveLength(flowCsv(flow).split(',').length);
    expect(flowCsv(flow)).toBe('1970-01-01T00:00:00.000Z,,10.0.0.1,1,10.0.0.2,53,UDP,DENY,,,\r\n');
    expect(JSON.parse(flowJson(flow))).toEqual({ ...flow, time: '1970-01-01T00:00:00.000Z' });
  });
});

describe('denied traffic as JSON', () => {
  it('carries counts, pairs, signals and, where asked, each flow', () => {
    const flow = {
      time: 5,
      source: '10.0.0.1',
      destination: '10.0.0.2',
      sourcePort: 1,
      destinationPort: 53,
      protocol: 'UDP',
      verdict: 'DENY',
    };
    const plain: unknown = JSON.parse(renderDenialsJson(reportOf(trafficOf([pairOf()], [SIGNAL]))));
    const full: unknown = JSON.parse(renderDenialsJson(reportOf(trafficOf([])), [flow]));

    expect(plain).toMatchObject({
      schemaVersion: 1,
      counts: { lines: 1204, flows: 1100, notVerdict: 90, unreadable: 14 },
      pairs: [{ key: '0123456789abcdef' }],
      signals: [{ kind: 'dns' }],
    });
    expect(plain).not.toHaveProperty('flows');
    expect(full).toHaveProperty('flows', [{ ...flow, time: '1970-01-01T00:00:00.005Z' }]);
  });
});

describe('denied traffic as HTML', () => {
  it('draws a picture for each place that was not reached, the loudest first', () => {
    const pairs = [
      pairOf({ key: 'a', count: 1 }),
      pairOf({ key: 'b', count: 5, destination: outsideParty('203.0.113.0/24') }),
      pairOf({ key: 'c', count: 2, destination: workloadParty('payments', 'ledger') }),
    ];

    expect(panelsOf(pairs).map(({ title, pairs: inPanel }) => [title, inPanel.map(({ key }) => key)])).toEqual([
      ['outside', ['b']],
      ['namespace payments', ['c', 'a']],
    ]);
  });

  it('draws a line for every one of 500 pairs', () => {
    const text = renderDenialsHtml(reportOf(trafficOf(manyPairs(500))));

    expect(text.match(/class="edge /g)).toHaveLength(500);
    expect(text).toContain('All 500 denied pairs');
  });

  it('keeps hostile text inert, in the picture as in the cards', () => {
    const text = renderDenialsHtml(reportOf(trafficOf([hostilePair])));

    expect(text).not.toContain('<script>alert');
    expect(text).not.toContain('\u001b');
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  });

  it('never cuts a manifest', () => {
    const manifest = `${Array.from({ length: 200 }, (_, index) => `# line ${index} of a long manifest`).join('\n')}\n`;
    const [first] = EXPLANATION.suggestions;
    const explanation = { ...EXPLANATION, suggestions: first === undefined ? [] : [{ ...first, manifest }] };
    const text = renderDenialsHtml(reportOf(trafficOf([pairOf({ explanation })])));

    expect(text).toContain('# line 0 of a long manifest\n# line 1 of a long manifest');
    expect(text).toContain('# line 199 of a long manifest');
  });

  it('is the same for the same traffic', () => {
    const report = reportOf(trafficOf(manyPairs(40), [SIGNAL]));

    expect(renderDenialsHtml(report)).toBe(renderDenialsHtml(report));
  });
});
