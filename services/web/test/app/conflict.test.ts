import { expect, test } from 'vitest';
import { compareVersions } from '../../src/app/tasks/conflict.ts';
import { taskWith } from '../support/tasks.ts';

const base = taskWith({ title: 'Buy milk', priority: 'normal', description: 'Two litres' });

test('fields changed on either side are shown, the others are not', () => {
  const theirs = taskWith({ title: 'Buy bread', version: 2 });
  const differences = compareVersions(base, theirs, { priority: 'high' });
  expect(differences).toEqual([
    // Saving mine sends the priority only: the title stays as they left it.
    { field: 'title', label: 'Title', theirs: 'Buy bread', mine: 'Buy bread', clash: false },
    { field: 'priority', label: 'Priority', theirs: 'normal', mine: 'high', clash: false },
  ]);
});

test('a field that both changed is a clash, unless both made it the same', () => {
  const theirs = taskWith({ title: 'Buy bread', priority: 'high', version: 2 });
  const differences = compareVersions(base, theirs, { title: 'Buy oat milk', priority: 'high' });
  expect(differences.map(({ field, clash }) => [field, clash])).toEqual([
    ['title', true],
    ['priority', false],
  ]);
});

test('a value taken away shows as none', () => {
  const due = taskWith({ dueAt: '2026-12-24T18:00:00.000Z' });
  const [difference] = compareVersions(due, { ...due, version: 2 }, { dueAt: null });
  expect(difference).toMatchObject({ theirs: '2026-12-24T18:00:00.000Z', mine: null });
});
