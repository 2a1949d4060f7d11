/** Run as a process of its own: commits `count` watermarks named `<prefix><n>`, each on a reading, again where stale. */
import { fileStore } from '../../shared/store/file-store.ts';
import { StaleRecordError } from '../../shared/store/port.ts';
import { CLUSTER } from '../support/cluster.ts';

const [directory = '', prefix = '', count = '0'] = process.argv.slice(2);
const store = fileStore(directory);

const commit = async (key: string): Promise<void> => {
  const read = await store.read(CLUSTER);
  const next = { ...read, watermarks: { ...read.watermarks, [key]: {} } };
  await store.commit(next, []).catch(async (error: unknown) => {
    if (!(error instanceof StaleRecordError)) throw error;
    await commit(key);
  });
};

for (let index = 0; index < Number(count); index += 1) {
  await commit(`${prefix}${index}`);
  process.stdout.write(`${prefix}${index}\n`);
}
