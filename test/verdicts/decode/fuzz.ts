/**
 * Looks for contents that the decoders disagree on: `node test/verdicts/decode/fuzz.ts 30` runs for 30 seconds. A
 * disagreement names the seed; `node test/verdicts/decode/fuzz.ts 1 <seed>` repeats it alone.
 */
import { seeded } from '../../support/verdict-lines.ts';
import { expectAgreement } from './agreement.ts';
import { randomContent } from './random-content.ts';

const [, , secondsText = '10', seedText] = process.argv;
const end = Date.now() + Number(secondsText) * 1000;
let seed = seedText === undefined ? Math.floor(Date.now() % 2 ** 31) : Number(seedText);
const first = seed;
let lines = 0;
let slow = 0;
let flows = 0;
const isOnce = seedText !== undefined;
for (;;) {
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
  seed += 1;
  if (isOnce || Date.now() >= end) break;
}
process.stdout.write(
  `${seed - first} contents, ${lines} lines, ${flows} flows, ${slow} on the slow path: no disagreement\n`,
);
