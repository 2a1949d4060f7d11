import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { analyticsAuto } from './clusters/analytics-auto.ts';
import { legacyBatch } from './clusters/legacy-batch.ts';
import { paymentsEu } from './clusters/payments-eu.ts';
import { platformAl2023 } from './clusters/platform-al2023.ts';
import { researchPrivate } from './clusters/research-private.ts';
import { shopProd } from './clusters/shop-prod.ts';
import { writeDump, type Dump } from './dump.ts';

/** The clusters of test/fleet/, by directory. What each one is about: test/fleet/README.md. */
export const FLEET: Readonly<Record<string, () => Dump>> = {
  'analytics-auto': analyticsAuto,
  'legacy-batch': legacyBatch,
  'payments-eu': paymentsEu,
  'platform-al2023': platformAl2023,
  'research-private': researchPrivate,
  'shop-prod': shopProd,
};

/** Writes one dump directory a cluster under `outDir`, in place of what stood there; other files are left alone. */
export const generateFleet = async (outDir: string): Promise<void> => {
  for (const [directory, dump] of Object.entries(FLEET)) await writeDump(join(outDir, directory), dump());
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await generateFleet(fileURLToPath(new URL('../../fleet/', import.meta.url)));
}
