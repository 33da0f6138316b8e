import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { read } from '../src/repository.ts';
import { rulesIn } from './support/rules.ts';

const PROGRAM_FILE_MIB = 64;
const SERVICES: Readonly<Record<string, string>> = {
  'taskmanager-backend': 'api',
  'taskmanager-frontend': 'web',
  'taskmanager-worker': 'worker',
};

test('the memory limits of the rules are those of compose.yaml, and room for the program file', () => {
  const { services } = parse(read('compose.yaml'), { merge: true }) as {
    services: Record<string, { mem_limit: string }>;
  };
  const limits = rulesIn('prometheus/rules/runtime.yml')
    .filter(({ record }) => record === 'lab:memory_limit:bytes')
    .map(
      ({ expr, labels }) =>
        [labels?.['job'] ?? '', /^vector\((\d+) \* 1024 \* 1024\)$/.exec(expr)?.[1]] as const,
    );

  for (const [job, service] of Object.entries(SERVICES)) {
    const limit = Number.parseInt(services[service]?.mem_limit ?? '', 10);
    expect(Object.fromEntries(limits)[job], job).toBe(String(limit + PROGRAM_FILE_MIB));
  }
});
