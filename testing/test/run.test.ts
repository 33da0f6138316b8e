import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { LAST, LONG } from '../src/run/longest-first.ts';
import { runSteps } from '../src/run/schedule.ts';
import type { Step } from '../src/run/step.ts';

const step = (name: string, ...after: string[]): Step => ({ name, command: [], after });

/** Runs the steps and notes what begins and ends; each ends when `end` is called with its name. */
function observed(...steps: Step[]) {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const whole = runSteps(steps, ({ name }) => {
    begun.push(name);
    return new Promise((resolve) => ends.set(name, () => resolve({ passed: 2, failed: 1 })));
  });
  return {
    whole,
    begun,
    async end(name: string) {
      ends.get(name)?.();
      await new Promise(setImmediate);
    },
  };
}

describe('the steps of a test run', () => {
  test('start side by side, and after all that they come after', async () => {
    const { begun, end } = observed(step('tests', 'tools', 'pages'), step('tools'), step('pages'));
    await end('none');
    expect(begun).toEqual(['tools', 'pages']);
    await end('tools');
    expect(begun).toHaveLength(2);
    await end('pages');
    expect(begun).toEqual(['tools', 'pages', 'tests']);
  });

  test('each run once, whatever comes after them, and are counted together', async () => {
    const { whole, begun, end } = observed(step('a'), step('b', 'a'), step('c', 'a', 'b'));
    for (const name of ['none', 'a', 'b', 'c']) await end(name);
    expect(begun).toEqual(['a', 'b', 'c']);
    expect(await whole).toEqual({ passed: 6, failed: 3 });
  });

  test('do not wait for what is not part of the run', async () => {
    const { begun, end } = observed(step('tests', 'tools'));
    await end('none');
    expect(begun).toEqual(['tests']);
  });

  test('that wait for each other are refused', async () => {
    const none = () => Promise.resolve({ passed: 0, failed: 0 });
    await expect(runSteps([step('a', 'b'), step('b', 'a')], none)).rejects.toThrow('comes after itself');
  });
});

test('every file that begins first is there', () => {
  const missing = [...LONG, ...LAST].filter(
    (file) => !existsSync(join(import.meta.dirname, '..', '..', file)),
  );
  expect(missing).toEqual([]);
});
