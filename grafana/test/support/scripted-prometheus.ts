/** A Prometheus that answers range queries as a test says, on a port of its own. */

import { text } from 'node:stream/consumers';
import { type Served, serve } from '@lab/testing';

export interface Asked {
  query: string;
  /** Unix seconds, as they were sent. */
  start: number;
  end: number;
  step: number;
}

export interface ScriptedPrometheus extends Served {
  asked: Asked[];
}

/** @param reply values of a query's only series, an empty list for no series, or words to refuse it with. */
export async function scriptedPrometheus(
  reply: (query: string) => readonly string[] | string,
): Promise<ScriptedPrometheus> {
  const asked: Asked[] = [];
  const server = await serve(async (request, response) => {
    const fields = new URLSearchParams(await text(request));
    const number = (name: string) => Number(fields.get(name));
    const query = fields.get('query') ?? '';
    asked.push({ query, start: number('start'), end: number('end'), step: number('step') });
    const values = reply(query);
    response.end(JSON.stringify(typeof values === 'string' ? refusal(values) : matrix(values)));
  });
  return { ...server, asked };
}

const refusal = (error: string) => ({ status: 'error', errorType: 'bad_data', error });

function matrix(values: readonly string[]): object {
  const points = values.map((value, index) => [1_000 + index, value]);
  const result = points.length === 0 ? [] : [{ metric: {}, values: points }];
  return { status: 'success', data: { resultType: 'matrix', result } };
}
