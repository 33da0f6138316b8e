import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { files, ROOT } from '../src/repository.ts';
import { findTool } from '../src/tools/find-tool.ts';
import { run } from './support/run.ts';

describe('rules as written', () => {
  test.each(files('prometheus/rules/*.yml'))('promtool accepts %s', async (path) => {
    const { code, output } = await run(findTool('promtool'), ['check', 'rules', path], ROOT);
    expect(code, output).toBe(0);
    expect(output).not.toMatch(/warn|duplicate/i);
  });

  test.each(files('prometheus/tests/*.test.yml'))('%s passes', { timeout: 240_000 }, async (path) => {
    const { code, output } = await run(findTool('promtool'), ['test', 'rules', join(ROOT, path)]);
    expect(code, output).toBe(0);
  });
});
