/** Closed-loop load: each client sends its next request when the last one is answered. Notes what came of each. */
import { setTimeout as pause } from 'node:timers/promises';
import { type Answer, NoAnswerError, type TaskClient } from './task-client.ts';

export interface LoadResult {
  answers: (Answer & { at: number })[];
  /** Requests that were sent and never answered. */
  lost: NoAnswerError[];
  /** Connections that were refused. */
  refused: number;
}

export interface Load {
  /** Grows while the load runs. */
  readonly result: LoadResult;
  /** Lets what is under way end. */
  stop(): Promise<LoadResult>;
}

/** A refusal comes at once: without a pause the loop would take the processor from those under test. */
const BREATH_MS = 20;

/** @param step sends one request; `turn` counts each client's from 0, `number` is the client's. */
export function startLoad(
  clients: readonly TaskClient[],
  step: (client: TaskClient, turn: number, number: number) => Promise<Answer>,
): Load {
  const result: LoadResult = { answers: [], lost: [], refused: 0 };
  let on = true;
  const run = async (client: TaskClient, number: number) => {
    for (let turn = 0; on; turn += 1) {
      try {
        const answer = await step(client, turn, number);
        result.answers.push({ ...answer, at: performance.now() });
        if (answer.status >= 500) await pause(BREATH_MS);
      } catch (error) {
        if (!(error instanceof NoAnswerError)) throw error;
        if (error.refused) result.refused += 1;
        else result.lost.push(error);
        await pause(BREATH_MS);
      }
    }
  };
  const running = Promise.all(clients.map(run));
  return {
    result,
    async stop() {
      on = false;
      await running;
      return result;
    },
  };
}
