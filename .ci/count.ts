/** Adds up vitest's JSON results and prints `N passed, N failed`. Fails where a file failed to load or nothing ran. */
import { readFileSync } from 'node:fs';

interface Results {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numFailedTestSuites: number;
  readonly success: boolean;
}

let passed = 0;
let failed = 0;
for (const file of process.argv.slice(2)) {
  // vitest's json reporter writes this shape: https://vitest.dev/guide/reporters.html#json-reporter
  const results = JSON.parse(readFileSync(file, 'utf8')) as Results;
  passed += results.numPassedTests;
  failed += results.numFailedTests;
  // A file that cannot be loaded has no tests to fail.
  if (!results.success && results.numFailedTests === 0) failed += Math.max(1, results.numFailedTestSuites);
}
process.stdout.write(`${passed} passed, ${failed} failed\n`);
if (failed > 0 || passed === 0) process.exitCode = 1;
