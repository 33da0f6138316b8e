/** What Prometheus's HTTP API answers, read without trusting it. https://prometheus.io/docs/prometheus/latest/querying/api/ */

export type Labels = Readonly<Record<string, string>>;

export interface Series {
  labels: Labels;
  /** Seconds since the epoch, ascending. */
  times: readonly number[];
  /** NaN and ±Inf are kept: they mean something in PromQL. */
  values: readonly number[];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readLabels(value: unknown): Labels {
  if (!isRecord(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** Prometheus writes sample values as text: `1.5`, `NaN`, `+Inf`. */
export function readSample(text: unknown): number {
  if (text === '+Inf' || text === 'Inf') return Number.POSITIVE_INFINITY;
  if (text === '-Inf') return Number.NEGATIVE_INFINITY;
  return typeof text === 'string' || typeof text === 'number' ? Number(text) : Number.NaN;
}

function readPoints(pairs: unknown): { times: number[]; values: number[] } {
  const times: number[] = [];
  const values: number[] = [];
  if (!Array.isArray(pairs)) return { times, values };
  for (const pair of pairs) {
    if (!Array.isArray(pair) || typeof pair[0] !== 'number') continue;
    times.push(pair[0]);
    values.push(readSample(pair[1]));
  }
  return { times, values };
}

/**
 * Series of a matrix, vector, scalar or string result; an instant result has one point a series.
 * @throws TypeError where the body is none of these: unknown data is an error, not a blank.
 */
export function readQueryResult(data: unknown): Series[] {
  if (!isRecord(data) || typeof data['resultType'] !== 'string')
    throw new TypeError('expected a Prometheus query result with a resultType');
  const { resultType, result } = data;
  if (resultType === 'scalar' || resultType === 'string') return [{ labels: {}, ...readPoints([result]) }];
  if (!Array.isArray(result)) throw new TypeError(`expected a list as the ${resultType}'s result`);
  return result.filter(isRecord).map((entry) => ({
    labels: readLabels(entry['metric']),
    ...readPoints(resultType === 'matrix' ? entry['values'] : [entry['value']]),
  }));
}

/** @throws TypeError where the body is not the list that `/series` answers. */
export function readSeries(data: unknown): Labels[] {
  if (!Array.isArray(data)) throw new TypeError('expected a list of series');
  return data.map(readLabels);
}

/** @throws TypeError where the body is not the list that `/query_exemplars` answers. */
export function readExemplars(data: unknown) {
  if (!Array.isArray(data)) throw new TypeError('expected a list of exemplars');
  return data.filter(isRecord).flatMap((entry) => {
    const seriesLabels = readLabels(entry['seriesLabels']);
    const list = Array.isArray(entry['exemplars']) ? entry['exemplars'].filter(isRecord) : [];
    return list.map((exemplar) => ({
      /** Labels of the series that it was attached to. */
      seriesLabels,
      /** Its own labels, `trace_id` among them. */
      labels: readLabels(exemplar['labels']),
      value: readSample(exemplar['value']),
      /** Seconds since the epoch. */
      time: readSample(exemplar['timestamp']),
    }));
  });
}

export type Exemplar = ReturnType<typeof readExemplars>[number];
