import { defineConfig } from 'vitest/config';
import { LongestFirst } from './testing/src/run/longest-first.ts';

export default defineConfig({
  test: {
    include: [
      '{services/*,lab,loadtests,postgres,testing,prometheus,alertmanager,grafana,compose,docs,workshop}/test/**/*.test.ts',
    ],
    exclude: ['**/node_modules/**', '**/e2e/**'],
    globalSetup: ['testing/src/postgres-global-setup.ts'],
    pool: 'forks',
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // A port in the environment of whoever runs the tests must not reach the programs under test.
    env: { NODE_ENV: 'test', TZ: 'UTC' },
  },
});
