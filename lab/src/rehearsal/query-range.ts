/** Expressions over a stretch of time, evaluated by Prometheus itself. */
import { z } from 'zod';

export interface Series {
  labels: Record<string, string>;
  /** Unix milliseconds, and the value at that evaluation. */
  points: [at: number, value: number][];
}

/** Prometheus refuses to evaluate the expression; the message is its own. */
export class EvaluationError extends Error {
  override name = 'EvaluationError';
}

export interface Grid {
  /** Of the first evaluation, Unix milliseconds. */
  from: number;
  to: number;
  stepMs: number;
}

const answer = z.union([
  z.object({
    status: z.literal('success'),
    data: z.union([
      z.object({
        resultType: z.literal('matrix'),
        result: z.array(
          z.object({
            metric: z.record(z.string(), z.string()),
            values: z.array(z.tuple([z.number(), z.string()])),
          }),
        ),
      }),
      z.object({
        resultType: z.literal('vector'),
        result: z.array(
          z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) }),
        ),
      }),
      z.object({ resultType: z.literal('scalar'), result: z.tuple([z.number(), z.string()]) }),
    ]),
  }),
  z.object({ status: z.literal('error'), error: z.string() }),
]);

export interface Evaluation {
  series: Series[];
  /** Steps at which Prometheus refuses the expression. */
  failed: ReadonlySet<number>;
  /** Its words. */
  error?: string;
}

const seriesAnswer = z.object({ status: z.literal('success'), data: z.array(z.unknown()) });

const TIMEOUT_MS = 60_000;

/**
 * Evaluates an expression at each step of a grid.
 * @throws EvaluationError where Prometheus refuses it at some step.
 */
export async function queryRange(
  url: string,
  expression: string,
  { from, to, stepMs }: Grid,
): Promise<Series[]> {
  return ask(`${url}/api/v1/query_range`, {
    query: expression,
    start: String(from / 1000),
    end: String(to / 1000),
    step: String(stepMs / 1000),
  });
}

/** Evaluates an expression at one moment, Unix milliseconds. @throws EvaluationError where Prometheus refuses it. */
export async function queryAt(url: string, expression: string, at: number): Promise<Series[]> {
  return ask(`${url}/api/v1/query`, { query: expression, time: String(at / 1000) });
}

/**
 * Evaluates an expression at each step, and leaves out those at which Prometheus refuses it, as it does with a rule.
 * @returns the series, and Prometheus's words where it refused some steps.
 */
export async function evaluateOver(url: string, expression: string, grid: Grid): Promise<Evaluation> {
  // A group that is evaluated rarely may not be evaluated at all in a short stretch.
  if (grid.from > grid.to) return { series: [], failed: new Set() };
  try {
    return { series: await queryRange(url, expression, grid), failed: new Set() };
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    return { ...(await stepByStep(url, expression, grid)), error: error.message };
  }
}

/** Tells the expressions of one query apart in its answer. */
const MARK = 'rehearsed_expression';

/**
 * Evaluates several expressions in one query: most are so small that asking costs more than they do.
 * @returns what `evaluateOver` returns of each, in their order.
 */
export async function evaluateTogether(
  url: string,
  expressions: readonly string[],
  grid: Grid,
): Promise<Evaluation[]> {
  const apart = () => Promise.all(expressions.map((expression) => evaluateOver(url, expression, grid)));
  if (expressions.length < 2 || grid.from > grid.to) return apart();
  // On lines of its own: an expression may end with a comment.
  const marked = expressions.map(
    (expression, index) => `label_replace(\n${expression}\n, "${MARK}", "${index}", "", "")`,
  );
  try {
    const found = expressions.map((): Series[] => []);
    for (const { labels, points } of await queryRange(url, marked.join('\nor\n'), grid)) {
      const { [MARK]: index, ...own } = labels;
      found[Number(index)]?.push({ labels: own, points });
    }
    return found.map((series) => ({ series, failed: new Set() }));
  } catch (error) {
    // One that is refused, or that gives a number and no series, must not stop the others.
    if (error instanceof EvaluationError) return apart();
    throw error;
  }
}

async function stepByStep(
  url: string,
  expression: string,
  { from, to, stepMs }: Grid,
): Promise<{ series: Series[]; failed: ReadonlySet<number> }> {
  const found = new Map<string, Series>();
  const failed = new Set<number>();
  for (let at = from; at <= to; at += stepMs) {
    try {
      for (const { labels, points } of await queryAt(url, expression, at)) {
        const key = JSON.stringify(labels);
        const series = found.get(key) ?? { labels, points: [] };
        found.set(key, series);
        series.points.push(...points);
      }
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      failed.add(at);
    }
  }
  return { series: [...found.values()], failed };
}

/** Says whether there is a series that a selector takes. Unix milliseconds. */
export async function holdsSeries(
  url: string,
  selector: string,
  { from, to }: { from: number; to: number },
): Promise<boolean> {
  const parameters = { 'match[]': selector, start: String(from / 1000), end: String(to / 1000) };
  const response = await fetch(`${url}/api/v1/series`, {
    method: 'POST',
    body: new URLSearchParams(parameters),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  return seriesAnswer.parse(await response.json()).data.length > 0;
}

async function ask(url: string, parameters: Record<string, string>): Promise<Series[]> {
  const response = await fetch(url, {
    method: 'POST',
    body: new URLSearchParams(parameters),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const read = answer.parse(await response.json());
  if (read.status === 'error') throw new EvaluationError(read.error);
  const { data } = read;
  const point = ([at, value]: readonly [number, string]): [number, number] => [
    Math.round(at * 1000),
    numberOf(value),
  ];
  if (data.resultType === 'scalar') return [{ labels: {}, points: [point(data.result)] }];
  if (data.resultType === 'vector')
    return data.result.map(({ metric, value }) => ({ labels: metric, points: [point(value)] }));
  return data.result.map(({ metric, values }) => ({ labels: metric, points: values.map(point) }));
}

function numberOf(text: string): number {
  if (text === '+Inf') return Number.POSITIVE_INFINITY;
  return text === '-Inf' ? Number.NEGATIVE_INFINITY : Number(text);
}
