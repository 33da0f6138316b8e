/**
 * What a journey is made of. A journey is a generator of steps: it yields a request and is handed its answer, or yields
 * a pause; who sends the requests (k6, or the lab's own engine) is not its business. So both engines walk the very same
 * journeys. Nothing here or beside it may need Node or k6.
 */

/** One request through web. */
export interface RequestStep {
  kind: 'request';
  method: 'GET' | 'POST' | 'PATCH';
  path: string;
  /** The path as a template, as the label `route` in metrics: never an id in a name. */
  route: string;
  /** Sent as JSON. */
  body?: Record<string, unknown>;
  headers?: Record<string, string>;
  /** `account`: with the session; `nobody`: without. */
  as: 'account' | 'nobody';
  /** The one status that this step is to be answered with; some are meant to be refused. */
  expect: number;
}

/** The person reads, or types. */
export interface ThinkStep {
  kind: 'think';
  seconds: number;
}

export type Step = RequestStep | ThinkStep;

export interface Answer {
  /** 0: no answer. */
  status: number;
  /** Parsed JSON; undefined where there was none. */
  body: unknown;
}

/** A person of the pool, with a session. */
export interface Account {
  email: string;
  password: string;
}

export interface Person {
  account: Account;
  /** From 0 up to, and without, 1. */
  random(): number;
}

export type Journey = (person: Person) => Generator<Step, void, Answer | undefined>;
