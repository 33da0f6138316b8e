/** Reads how many tests passed and failed from the runners' own JSON reports. */
import { readFile } from 'node:fs/promises';
import type { Counts } from './step.ts';

/** Vitest's JSON reporter. Suites that failed to load have no test to count, so they count themselves. */
export async function vitestCounts(file: string): Promise<Counts> {
  const report: {
    numPassedTests: number;
    numFailedTests: number;
    testResults: { status: string; assertionResults: unknown[] }[];
  } = JSON.parse(await readFile(file, 'utf8'));
  const unloaded = report.testResults.filter(
    (suite) => suite.status === 'failed' && suite.assertionResults.length === 0,
  );
  return { passed: report.numPassedTests, failed: report.numFailedTests + unloaded.length };
}

/** Playwright's JSON reporter; retries are off, so nothing is "flaky". */
export async function playwrightCounts(file: string): Promise<Counts> {
  const report: { stats: { expected: number; unexpected: number; flaky: number }; errors: unknown[] } =
    JSON.parse(await readFile(file, 'utf8'));
  return {
    passed: report.stats.expected,
    failed: report.stats.unexpected + report.stats.flaky + report.errors.length,
  };
}
