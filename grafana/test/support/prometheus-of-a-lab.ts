/** A Prometheus that says of itself what the gate asks first, and has no data for anything else. */

import { text } from 'node:stream/consumers';
import { parseDuration, readAlerts } from '@lab/prometheus';
import { type Served, serve } from '@lab/testing';

export interface LabOfPrometheus {
  /** The rules are loaded so many times faster than written. */
  timeScale: number;
  /** Since when there is traffic, as the clock on the wall says it; absent: there is none. */
  secondsOfTraffic?: number;
  /** What it scrapes. */
  jobs?: readonly string[];
}

export interface Answering extends Served {
  /** Expressions that it was asked for this moment. */
  asked: string[];
}

export async function prometheusOfALab({
  timeScale,
  secondsOfTraffic,
  jobs = [],
}: LabOfPrometheus): Promise<Answering> {
  const asked: string[] = [];
  const rules = readAlerts().map(({ name, for: written = '0' }) => ({
    name,
    duration: parseDuration(written) / 1000 / timeScale,
  }));
  const answers: Record<string, unknown> = {
    rules: { groups: [{ rules }] },
    targets: { activeTargets: jobs.map((job) => ({ labels: { job } })) },
    'targets/metadata': [],
    query_range: { resultType: 'matrix', result: [] },
  };
  const instant = (query: string) => {
    asked.push(query);
    const known = secondsOfTraffic !== undefined && query.includes('lab:request_rate:rate2m > 1');
    return {
      resultType: 'vector',
      result: known ? [{ metric: {}, value: [0, String(secondsOfTraffic)] }] : [],
    };
  };
  const server = await serve(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://lab').pathname.replace('/api/v1/', '');
    const query = new URLSearchParams(await text(request)).get('query') ?? '';
    const data = path === 'query' ? instant(query) : (answers[path] ?? []);
    response.end(JSON.stringify({ status: 'success', data }));
  });
  return { ...server, asked };
}
