import { LongestFirst } from '@lab/testing/longest-first';
import { defineConfig } from 'vitest/config';

/** Files that keep nothing in their modules and start nothing: they share a process, which loads what they import once. */
const PLAIN = [
  'services/{console,web}/test/app/**/*.test.ts',
  '{compose,docs,grafana,loadtests}/test/**/*.test.ts',
];

export default defineConfig({
  test: {
    pool: 'forks',
    // One more than processors: many tests wait for a program that they started.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // A port in the environment of whoever runs the tests must not reach the programs under test.
    env: { NODE_ENV: 'test', TZ: 'UTC' },
    projects: [
      { extends: true, test: { name: 'plain', include: PLAIN, isolate: false } },
      {
        extends: true,
        test: {
          name: 'tests',
          include: [
            '{services/*,cluster,lab,loadtests,postgres,testing,prometheus,alertmanager,grafana,compose,docs,workshop}/test/**/*.test.ts',
          ],
          exclude: ['**/node_modules/**', '**/e2e/**', ...PLAIN],
          globalSetup: ['testing/src/postgres-global-setup.ts'],
        },
      },
    ],
  },
});
