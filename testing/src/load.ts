/** Load by people: each client sends its next request a moment after the last one is answered. Notes what came of each. */
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
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

/** What a client does between two requests, ms: enough that the processor is left to those under test. */
const THINK_MS = 15;

/**
 * @param step sends one request; `turn` counts each client's from 0, `number` is the client's.
 * @param thinkMs pause of the client of that number; by default the same short one for each.
 */
export function startLoad(
  clients: readonly TaskClient[],
  step: (client: TaskClient, turn: number, number: number) => Promise<Answer>,
  thinkMs: (number: number) => number = () => THINK_MS,
): Load {
  const result: LoadResult = { answers: [], lost: [], refused: 0 };
  let on = true;
  const run = async (client: TaskClient, number: number) => {
    for (let turn = 0; on; turn += 1) {
      try {
        const answer = await step(client, turn, number);
        result.answers.push({ ...answer, at: performance.now() });
      } catch (error) {
        if (!(error instanceof NoAnswerError)) throw error;
        if (error.refused) result.refused += 1;
        else result.lost.push(error);
      }
      await pause(thinkMs(number));
      // Timers run before sockets are read: that the connection was closed meanwhile is learnt first.
      await nextTurn();
      await nextTurn();
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
