import { describe, expect, it } from 'vitest';
import { csvRecord } from '../../shared/report/csv-record.ts';
import { renderCsv } from '../../shared/report/render-csv.ts';
import { benignReport, worstReport } from '../support/report-sample.ts';

const SAMPLE_REPORT = benignReport();
const HOSTILE_REPORT = worstReport();

/** RFC 4180, as a reader of its own. */
const parsed = (csv: string): readonly (readonly string[])[] =>
  csv
    .split('\r\n')
    .slice(0, -1)
    .map((line) =>
      [...line.matchAll(/(?<=^|,)(?:"((?:[^"]|"")*)"|([^",]*))(?=,|$)/g)].map(
        ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
      ),
    );

describe('a CSV record', () => {
  it('quotes what RFC 4180 wants quoted, and ends with CRLF', () => {
    expect(csvRecord(['a', 'b,c', 'say "x"', 3, undefined])).toBe('a,"b,c","say ""x""",3,\r\n');
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '  =1+1', '\t=1'])(
    'puts %j behind an apostrophe, so that no spreadsheet runs it',
    (text) => {
      expect(csvRecord([text])).toMatch(/^'/);
    },
  );

  it('is one line whatever the text', () => {
    expect(csvRecord(['a\r\nb\u2028c\u001b[2J'])).toBe('a b\\u{2028}c\\u{1b}[2J\r\n');
  });
});

describe('an audit as CSV', () => {
  const rows = parsed(renderCsv(SAMPLE_REPORT));
  const [head = [], ...records] = rows;
  const column = (name: string): readonly string[] => records.map((record) => record[head.indexOf(name)] ?? '');

  it('has a record for every outcome and every input that could not be read', () => {
    const outcomes = SAMPLE_REPORT.clusters.flatMap(({ evaluation }) => evaluation.outcomes).length;

    expect(records.length).toBeGreaterThanOrEqual(outcomes + SAMPLE_REPORT.unreadable.length);
    expect(new Set(rows.map(({ length }) => length))).toEqual(new Set([head.length]));
    expect(new Set(column('status'))).toEqual(new Set(['FAIL', 'UNKNOWN', 'PASS', 'N/A']));
  });

  it('never calls PASS or FAIL what could not be looked at', () => {
    const unread = column('could_not_read');

    expect(unread.filter((text) => text !== '').length).toBeGreaterThan(0);
    expect(column('status').filter((status, index) => unread[index] !== '' && status !== 'UNKNOWN')).toEqual([]);
  });

  it('says how to mend exactly what fails', () => {
    const fixes = column('fix');

    expect(column('status').filter((status, index) => fixes[index] !== '' && status !== 'FAIL')).toEqual([]);
    expect(fixes.filter((fix) => fix !== '').length).toBeGreaterThan(0);
  });

  it('lets no hostile text begin a cell that a spreadsheet runs, or a line of its own', () => {
    const hostile = parsed(renderCsv(HOSTILE_REPORT));

    expect(hostile.flat().filter((cell) => /^\s*[=+@]/.test(cell))).toEqual([]);
    expect(new Set(hostile.map(({ length }) => length))).toEqual(new Set([head.length]));
  });
});
