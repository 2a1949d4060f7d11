/**
 * `node --expose-gc form.ts <form> <rounds>`: the rows of one form. A process of its own, as in production: a function
 * meets CloudWatch's form only, a command line mostly one form of file, and V8 compiles the decoder for what it meets.
 */
import { FORMS, isCloudWatch } from '../../support/verdict-lines.ts';
import { measure } from './measure.ts';
import { floorRoute, oursRoute, parserRoute, referenceRoute, splitRoute, subjectOf } from './routes.ts';
import { number, row } from './table.ts';

const PAYLOAD_BYTES = 4_800_000;
const LEAST_TIMES_FASTER = 8;
const TARGETS = new Map([
  [0.01, undefined],
  [0.2, 1.5],
  [1, 1.7],
]);

const form = FORMS.find((known) => known === process.argv[2]);
if (form === undefined) throw new RangeError(`the form is one of ${FORMS.join(', ')}`);
const rounds = Number(process.argv[3]);

for (const [share, target] of TARGETS) {
  const subject = subjectOf(form, share, PAYLOAD_BYTES);
  const routes = [floorRoute(subject), oursRoute(subject), referenceRoute(subject)];
  const figures = await measure(
    isCloudWatch(form) ? [...routes, splitRoute(subject), parserRoute(subject)] : routes,
    rounds,
  );
  const [gunzip, ours, reference, split, parser] = ['gunzip', 'ours', 'reference', 'split', 'parser'].map((name) =>
    figures.get(name),
  );
  const lines = subject.lines;
  row([
    form,
    `${share * 100}%`,
    String(lines),
    number(subject.content.length / subject.gzip.length, 1),
    number(gunzip && subject.content.length / gunzip.wall / 1000, 0),
    number(gunzip?.wall),
    number(ours?.wall),
    number(gunzip && ours && ((ours.wall - gunzip.wall) * 1e6) / lines, 0),
    number(ours?.wallRatio),
    number(ours?.cpuRatio),
    target === undefined ? '-' : `≤${target}`,
    number(reference?.wallRatio, 1),
    number(split?.wallRatio, 1),
    number(split && ours && split.cpuRatio / ours.cpuRatio, 1),
    number(parser?.wallRatio, 1),
    number(parser && ours && parser.cpuRatio / ours.cpuRatio, 1),
    parser === undefined ? '-' : `≥${LEAST_TIMES_FASTER}`,
  ]);
}
