import { resolve } from 'node:path';
import type { Announcement } from '../shared/model/announcement.ts';
import type { AuditReport } from '../shared/model/report.ts';
import { renderHtml } from '../shared/report/html/render-html.ts';
import { renderCsv } from '../shared/report/render-csv.ts';
import { renderJson } from '../shared/report/render-json.ts';
import { renderJunit } from '../shared/report/render-junit.ts';
import { renderMarkdown } from '../shared/report/render-markdown.ts';
import { renderSarif } from '../shared/report/render-sarif.ts';
import { renderTable } from '../shared/report/table/render-table.ts';
import { writeAtomically } from '../shared/runtime/write-atomically.ts';
import { announcementOf } from './findings-announce.ts';
import { asffText, companyName, ocsfText } from './findings-formats.ts';
import { UsageError, wantsColour, type Io } from './io.ts';

export const FORMATS = ['table', 'json', 'html', 'markdown', 'csv', 'junit', 'sarif', 'asff', 'ocsf'] as const;
type Format = (typeof FORMATS)[number];

/** `table`, or `html=report.html`. */
export interface Output {
  readonly format: Format;
  /** Standard output where absent. */
  readonly path?: string;
}

const isFormat = (text: string): text is Format => FORMATS.some((format) => format === text);

/** @throws UsageError for an unknown format, or two outputs on standard output */
export const parseOutputs = (given: readonly string[]): readonly Output[] => {
  const outputs = given.map((text) => {
    const equals = text.indexOf('=');
    const format = equals < 0 ? text : text.slice(0, equals);
    const path = equals < 0 ? '' : text.slice(equals + 1);
    if (!isFormat(format))
      throw new UsageError(`--output ${text}: expected one of ${FORMATS.join(', ')}, or <format>=<file>`);
    if (equals >= 0 && path === '') throw new UsageError(`--output ${text}: expected a file name after =`);
    return { format, ...(path === '' || path === '-' ? {} : { path }) };
  });
  if (outputs.filter(({ path }) => path === undefined).length > 1) {
    throw new UsageError(
      'only one --output can go to standard output; give the others a file: --output html=report.html',
    );
  }
  return outputs;
};

const DEFAULT_COLUMNS = 80;
/** Past this a line is harder to read, not easier. */
const MOST_COLUMNS = 140;

/** Every finding of the clusters, ended ones too, with the exceptions that hold. */
const announcements = ({ clusters, exceptions }: AuditReport): readonly Announcement[] => {
  const holding = new Map(
    exceptions
      .filter(({ state }) => state === 'active')
      .flatMap(({ exception, findings }) => findings.map((id) => [id, exception] as const)),
  );
  return clusters
    .flatMap(({ findings }) => findings)
    .map((finding) => announcementOf(finding, undefined, holding.get(finding.id)));
};

const render = (report: AuditReport, format: Format, io: Io, onTerminal: boolean): string => {
  switch (format) {
    case 'table':
      return renderTable(report, {
        columns: Math.min((onTerminal ? io.stdoutColumns : undefined) ?? DEFAULT_COLUMNS, MOST_COLUMNS),
        colour: onTerminal && wantsColour(io),
      });
    case 'json':
      return renderJson(report);
    case 'html':
      return renderHtml(report);
    case 'markdown':
      return renderMarkdown(report);
    case 'csv':
      return renderCsv(report);
    case 'junit':
      return renderJunit(report);
    case 'sarif':
      return renderSarif(report);
    case 'asff':
      return asffText(announcements(report), companyName(io));
    case 'ocsf':
      return ocsfText(announcements(report));
  }
};

/** Files first: a closed pipe on standard output must not cost the report. */
export const writeOutputs = async (report: AuditReport, outputs: readonly Output[], io: Io): Promise<void> => {
  for (const { format, path } of outputs) {
    if (path === undefined) continue;
    await writeAtomically(resolve(io.cwd, path), render(report, format, io, false));
    io.stderr(`${format} report written to ${path}\n`);
  }
  for (const { format, path } of outputs) if (path === undefined) io.stdout(render(report, format, io, true));
};
