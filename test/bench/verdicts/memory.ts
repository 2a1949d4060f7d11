/** `node memory.ts <file> <kind>`: decodes the file in a fresh process and prints its peak memory as JSON. */
import { createReadStream, readFileSync } from 'node:fs';
import { peakRssKilobytes } from '../peak-rss.ts';
import { decodeInput, PayloadDecoder } from '../../../shared/verdicts/decode/index.ts';

const [, , file = '', kind = ''] = process.argv;

let peakHeap = 0;
let peakBuffers = 0;
const look = (): void => {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  peakHeap = Math.max(peakHeap, heapUsed);
  peakBuffers = Math.max(peakBuffers, arrayBuffers);
};

/** The source as it comes, with a look at the memory at each step. */
async function* watched(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const bytes of source) {
    look();
    yield bytes;
  }
}

const batch =
  kind === 'payload'
    ? await new PayloadDecoder().decode(readFileSync(file))
    : await decodeInput(file, watched(createReadStream(file)));
look();

const maxRSS = peakRssKilobytes();
process.stdout.write(JSON.stringify({ lines: batch.counts.lines, maxRSS, peakHeap, peakBuffers }));
