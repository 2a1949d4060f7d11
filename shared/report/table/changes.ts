import type { ChangeGroup, ToldChange } from '../changes.ts';
import { changeCounts, changeGroups } from '../changes.ts';
import type { ReportView } from '../view.ts';
import { inert, visibleWidth, wrap } from '../text.ts';
import { day, resourceWord } from '../words.ts';
import type { Page, Style } from './paint.ts';
import { cellLine, heading, sentence } from './paint.ts';

const MOST_LINES = 12;
const STYLE: { readonly [K in ToldChange]: Style } = {
  opened: 'bad',
  reopened: 'bad',
  resolved: 'good',
  closed: 'dim',
};

const whatText = ([first, ...others]: ChangeGroup['resources']): string =>
  others.length === 0 ? inert(first.name) : `${others.length + 1} ${resourceWord(first.type, 2)}`;

/** What this run opened, reopened, resolved and closed: one line for each check of a cluster. */
export const changeLines = (page: Page, { report }: ReportView): readonly string[] => {
  const groups = changeGroups(report);
  if (groups.length === 0) return [heading(page, 'CHANGED IN THIS RUN'), '  nothing'];
  const shown = groups.slice(0, MOST_LINES).map(({ kind, cluster, check, resources }) => ({
    kind,
    cluster: inert(cluster.name),
    check: inert(check),
    what: whatText(resources),
  }));
  const widest = (texts: readonly string[], most: number) =>
    Math.min(Math.max(...texts.map(visibleWidth)), Math.floor(page.columns / most));
  const clusterWidth = widest(
    shown.map(({ cluster }) => cluster),
    4,
  );
  const checkWidth = widest(
    shown.map(({ check }) => check),
    2.5,
  );
  return [
    heading(page, `CHANGED IN THIS RUN: ${changeCounts(groups)}`),
    ...shown.map(({ kind, cluster, check, what }) =>
      cellLine(page, 2, [
        { text: kind, width: 8, style: STYLE[kind] },
        { text: cluster, width: clusterWidth },
        { text: check, width: checkWidth },
        { text: what, width: 'flex' },
      ]),
    ),
    ...(groups.length > MOST_LINES ? [`  and ${groups.length - MOST_LINES} more (see the JSON or HTML report)`] : []),
  ];
};

/** Exceptions that somebody must look at; those that hold are only counted. */
export const exceptionLines = (page: Page, { report }: ReportView): readonly string[] => {
  if (report.exceptions.length === 0) return [];
  const active = report.exceptions.filter(({ state }) => state === 'active').length;
  const lines = (['expired', 'unused'] as const).flatMap((wanted) =>
    report.exceptions
      .filter(({ state }) => state === wanted)
      .flatMap(({ exception }) => {
        const where = [exception.check, exception.cluster, exception.resource]
          .filter((part) => part !== undefined)
          .join(' ');
        return [
          cellLine(page, 2, [
            { text: wanted, width: 8, style: 'unsure' },
            { text: day(inert(exception.expires)), width: 10 },
            { text: inert(where), width: 'flex' },
          ]),
          ...wrap(inert(`${exception.owner}: ${exception.reason}`), page.columns - 4, 2).map((line) =>
            sentence(page, 4, line),
          ),
        ];
      }),
  );
  return [heading(page, 'EXCEPTIONS'), sentence(page, 2, `${active} active`), ...lines];
};
