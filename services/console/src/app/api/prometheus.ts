/** Prometheus's own API, as the console's server passes it through. */
import {
  type Exemplar,
  type Labels,
  readExemplars,
  readQueryResult,
  readSeries,
  type Series,
} from '../prometheus/result.ts';
import { ApiError, getJson, type Parameters } from './http.ts';

interface Envelope {
  status: string;
  data?: unknown;
  error?: string;
}

async function ask(path: string, parameters: Parameters, signal: AbortSignal): Promise<unknown> {
  const body = await getJson<Envelope>(`/api/prometheus/${path}`, signal, parameters);
  if (body.status !== 'success') throw new ApiError(body.error ?? 'Prometheus refused the query.', 200);
  return body.data;
}

export interface RangeQuery {
  query: string;
  /** Seconds since the epoch, and seconds. */
  start: number;
  end: number;
  step: number;
}

export async function queryRange(range: RangeQuery, signal: AbortSignal): Promise<Series[]> {
  return readQueryResult(await ask('query_range', { ...range }, signal));
}

/** @param time seconds since the epoch. */
export async function queryInstant(query: string, time: number, signal: AbortSignal): Promise<Series[]> {
  return readQueryResult(await ask('query', { query, time }, signal));
}

export async function queryExemplars(
  { query, start, end }: Omit<RangeQuery, 'step'>,
  signal: AbortSignal,
): Promise<Exemplar[]> {
  return readExemplars(await ask('query_exemplars', { query, start, end }, signal));
}

const texts = (data: unknown): string[] =>
  Array.isArray(data) ? data.filter((value): value is string => typeof value === 'string') : [];

/** @param selector only series that match count; @param window seconds since the epoch. */
export async function labelValues(
  label: string,
  selector: string | undefined,
  window: { start: number; end: number },
  signal: AbortSignal,
): Promise<string[]> {
  const parameters = { 'match[]': selector, ...window };
  return texts(await ask(`label/${encodeURIComponent(label)}/values`, parameters, signal));
}

export async function labelNames(signal: AbortSignal): Promise<string[]> {
  return texts(await ask('labels', {}, signal));
}

/** Returns the labels, `__name__` among them, of every series that the selector matches. @param window seconds since the epoch. */
export async function findSeries(
  selector: string,
  window: { start: number; end: number },
  signal: AbortSignal,
): Promise<Labels[]> {
  return readSeries(await ask('series', { 'match[]': selector, ...window }, signal));
}
