import { defineConfig } from 'vitest/config';

/** What takes minutes: `npm run test:full -w @lab/prometheus`, part of `make test-full`. */
export default defineConfig({
  test: {
    include: ['test/**/*.full.ts'],
    pool: 'forks',
    maxWorkers: 2,
    env: { NODE_ENV: 'test', TZ: 'UTC' },
  },
});
