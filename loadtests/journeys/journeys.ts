/**
 * What people do with the task manager. Each journey sends a fixed number of requests when all goes well, so that a rate
 * of requests can be had from a rate of journeys; one whose footing is gone (a task that could not be made) ends early,
 * as a person would.
 */
import {
  changeTask,
  completeTask,
  createTask,
  firstTaskIn,
  listTasks,
  logIn,
  openPage,
  readTask,
  taskIn,
  think,
  whoAmI,
} from './requests.ts';
import type { Journey, Person } from './step.ts';

const SECOND = 1;
const WORDS = ['invoice', 'garden', 'report', 'birthday', 'contract', 'holiday', 'laundry', 'budget'];
const PRIORITIES = ['low', 'normal', 'high'];

function pick(values: readonly string[], { random }: Person): string {
  return values[Math.floor(random() * values.length)] ?? '';
}

function title(person: Person): string {
  return `${pick(WORDS, person)} ${pick(WORDS, person)} ${Math.floor(person.random() * 1e6)}`;
}

function* browse(person: Person): ReturnType<Journey> {
  yield openPage();
  yield whoAmI();
  const list = yield listTasks('limit=20');
  yield think(person, SECOND);
  const task = firstTaskIn(list);
  if (task) yield readTask(task.id);
}

function* createAndComplete(person: Person): ReturnType<Journey> {
  const priority = pick(PRIORITIES, person);
  const made = taskIn(yield createTask({ title: title(person), description: 'made by load', priority }));
  yield think(person, SECOND);
  if (!made) return;
  yield readTask(made.id);
  yield think(person, SECOND / 2);
  yield completeTask(made.id);
}

function* search(person: Person): ReturnType<Journey> {
  const word = pick(WORDS, person);
  yield listTasks(`q=${word}&limit=20`);
  yield think(person, SECOND);
  yield listTasks(`q=${word}&status=open&limit=20`);
}

/** Two windows on one task: the one that saves second is told that the task has changed, reads it anew, saves again. */
function* editWithConflict(person: Person): ReturnType<Journey> {
  const seen = taskIn(yield createTask({ title: title(person) }));
  if (!seen) return;
  yield think(person, SECOND / 2);
  yield changeTask(seen, { title: title(person) }, 200);
  yield think(person, SECOND / 2);
  yield changeTask(seen, { description: 'typed in the other window' }, 412);
  const now = taskIn(yield readTask(seen.id));
  if (!now) return;
  yield think(person, SECOND / 2);
  yield changeTask(now, { description: 'typed in the other window' }, 200);
}

/** The right password afterwards also keeps the account's count of failures, which would lock it, at 0. */
function* wrongPassword(person: Person): ReturnType<Journey> {
  const { email, password } = person.account;
  yield logIn(email, `not ${password}`, 401);
  yield think(person, SECOND);
  yield logIn(email, password, 200);
}

/** A link from an old mail: well formed, of nobody. */
function* notFound({ random }: Person): ReturnType<Journey> {
  const hex = (digits: number) =>
    Math.floor(random() * 16 ** digits)
      .toString(16)
      .padStart(digits, '0');
  yield readTask(`${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(8)}${hex(4)}`, 404);
}

export interface Weighted {
  /** As it appears in reports. */
  name: string;
  journey: Journey;
  /** Of all weights' sum. */
  weight: number;
  /** When all goes well. */
  requests: number;
}

/** Refused on purpose (401, 404, 412): 15 of 320 requests, far from what ClientErrorSurge takes for trouble. */
export const JOURNEYS: readonly Weighted[] = [
  { name: 'browse', journey: browse, weight: 35, requests: 4 },
  { name: 'create and complete', journey: createAndComplete, weight: 30, requests: 3 },
  { name: 'search', journey: search, weight: 20, requests: 2 },
  { name: 'edit with conflict', journey: editWithConflict, weight: 8, requests: 5 },
  { name: 'wrong password', journey: wrongPassword, weight: 3, requests: 2 },
  { name: 'not found', journey: notFound, weight: 4, requests: 1 },
];

/** What an account needs before the first journey, so that browsing finds something. */
export function* furnish(person: Person): ReturnType<Journey> {
  for (let count = 0; count < 3; count += 1) yield createTask({ title: title(person) });
}
