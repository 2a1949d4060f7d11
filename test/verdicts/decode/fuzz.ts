/**
 * Looks for contents that the decoders disagree on: `node test/verdicts/decode/fuzz.ts --seconds 30`. A disagreement ends
 * it with exit code 1 and names the seed; `node test/verdicts/decode/fuzz.ts --seed <seed>` repeats that one alone.
 */
import { parseArgs } from 'node:util';
import { seeded } from '../../support/verdict-lines.ts';
import { expectAgreement } from './agreement.ts';
import { randomContent } from './random-content.ts';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '10' }, seed: { type: 'string' } } });
const isOnce = values.seed !== undefined;
const end = isOnce ? 0 : Date.now() + Number(values.seconds) * 1000;
const first = isOnce ? Number(values.seed) : Date.now() % 2 ** 31;
if (!Number.isInteger(first) || Number.isNaN(end)) throw new RangeError('--seconds and --seed take numbers');

let contents = 0;
let lines = 0;
let slow = 0;
let flows = 0;
do {
  const seed = first + contents;
  const random = seeded(seed);
  const content = randomContent(random, 1 + Math.floor(random() * 400));
  try {
    const agreement = expectAgreement(content, random);
    lines += agreement.batch.counts.lines;
    flows += agreement.batch.counts.flows;
    slow += agreement.slow;
  } catch (error) {
    process.stderr.write(`seed ${seed}, ${content.kind}, ${JSON.stringify(content.options)}\n`);
    throw error;
  }
  contents += 1;
} while (Date.now() < end);
process.stdout.write(
  `${contents} contents from seed ${first}, ${lines} lines, ${flows} flows, ${slow} on the slow path: no disagreement\n`,
);
