import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type AlertLabels, readInhibition } from '../../../src/chaos/plan/inhibition.ts';

const file = join(import.meta.dirname, '../../../../alertmanager/alertmanager.yml');
const inhibits = readInhibition(readFileSync(file, 'utf8'));
const alert = (
  name: string,
  service: string | undefined,
  labels: Record<string, string | undefined> = {},
): AlertLabels => ({ name, labels: { severity: 'warning', service, ...labels } });

describe('the inhibitions as they are', () => {
  test.each<[string, AlertLabels, AlertLabels, boolean]>([
    [
      'a cause hides what it explains',
      alert('DatabaseDown', 'postgres'),
      alert('HighErrorRate', 'taskmanager-api'),
      true,
    ],
    [
      'not another part that is down',
      alert('DatabaseDown', 'postgres'),
      alert('ApiDown', 'taskmanager-api'),
      false,
    ],
    [
      'not what another service says of itself',
      alert('WorkerDown', 'taskmanager-worker'),
      alert('HighErrorRate', 'taskmanager-api'),
      false,
    ],
    ['one of the same service', alert('WorkerDown', 'w'), alert('WorkerBacklog', 'w'), true],
    [
      'one whose service only its series know',
      alert('WorkerDown', 'w'),
      alert('EventLoopLag', undefined),
      true,
    ],
    [
      'one whose objective only its series know',
      alert('DatabaseDown', 'postgres'),
      alert('Burn', 'taskmanager-api', { slo: undefined }),
      true,
    ],
    [
      'not one that is about an objective',
      alert('DatabaseDown', 'postgres'),
      alert('Burn', 'taskmanager-api', { slo: 'x' }),
      false,
    ],
    ['not where neither is a cause', alert('Deadlocks', 'postgres'), alert('TableLocked', 'postgres'), false],
  ])('%s', (_, source, target, expected) => {
    expect(inhibits(source, target)).toBe(expected);
  });
});

test('a file without inhibitions hides nothing', () => {
  expect(readInhibition('route: {}')(alert('A', 'x'), alert('B', 'x'))).toBe(false);
});

test('a matcher that cannot be read matches: rather two apart too many than a message lost', () => {
  const rules = 'inhibit_rules: [{ source_matchers: ["alertname=A"], target_matchers: ["?"] }]';
  expect(readInhibition(rules)(alert('A', 'x'), alert('B', 'x'))).toBe(true);
  expect(readInhibition(rules)(alert('C', 'x'), alert('B', 'x'))).toBe(false);
});
