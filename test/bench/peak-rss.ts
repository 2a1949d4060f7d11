import { readFileSync } from 'node:fs';

/** The peak since the process began. Linux counts into `maxRSS` also that of the one that started it, up to then. */
export const peakRssKilobytes = (): number => {
  try {
    const [, kilobytes] = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    if (kilobytes !== undefined) return Number(kilobytes);
  } catch {
    // Only Linux has it.
  }
  return process.resourceUsage().maxRSS;
};
