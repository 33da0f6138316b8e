import type { Task } from 'taskmanager-api/contract';

/** A task with distinct, valid values where the test names none. */
export function taskWith(values: Partial<Task>): Task {
  return {
    id: '019aa2f0-0000-7000-8000-000000000001',
    title: 'Buy milk',
    description: 'Two litres',
    status: 'open',
    priority: 'normal',
    dueAt: null,
    assigneeEmail: null,
    createdAt: '2026-11-01T10:00:00.000Z',
    updatedAt: '2026-11-02T10:00:00.000Z',
    completedAt: null,
    version: 1,
    ...values,
  };
}
