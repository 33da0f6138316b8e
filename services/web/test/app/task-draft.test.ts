import { expect, test } from 'vitest';
import {
  changesSince,
  checkDraft,
  draftOf,
  EMPTY_DRAFT,
  fieldErrors,
} from '../../src/app/tasks/task-draft.ts';
import { taskWith } from '../support/tasks.ts';

test('an unchanged draft changes nothing, seconds of the due date included', () => {
  const task = taskWith({ dueAt: '2026-12-24T18:00:42.123Z', assigneeEmail: 'eve@example.org' });
  const checked = checkDraft(draftOf(task));
  if (!checked.ok) throw new Error('expected the draft of a valid task to be valid');
  expect(changesSince(task, checked.task)).toEqual({});
});

test('only what was edited is sent, emptied fields as null', () => {
  const task = taskWith({ dueAt: '2026-12-24T18:00:00.000Z', assigneeEmail: 'eve@example.org' });
  const checked = checkDraft({ ...draftOf(task), title: '  Buy oat milk ', due: '', assigneeEmail: ' ' });
  if (!checked.ok) throw new Error('expected the draft to be valid');
  expect(changesSince(task, checked.task)).toEqual({
    title: 'Buy oat milk',
    dueAt: null,
    assigneeEmail: null,
  });
});

test('each wrong field is told what it expects', () => {
  const checked = checkDraft({ ...EMPTY_DRAFT, title: '  ', due: '9999-01-01T00:00', assigneeEmail: 'eve' });
  expect(checked).toMatchObject({
    ok: false,
    errors: { title: /1 to 200/, due: /1970/, assigneeEmail: /@/ },
  });
});

test("the API's names of wrong fields are found in the form", () => {
  expect(Object.keys(fieldErrors(['dueAt', 'title.0', 'unheard-of']))).toEqual(['due', 'title']);
});
