/** From an alert or a span to what the metrics said at that time. */

/** What led to it is worth seeing, too. */
const BEFORE_MS = 15 * 60_000;
const AROUND_SPAN_MS = 5 * 60_000;

/** A dashboard's address, showing the time since shortly before something began, until now. @param since ISO 8601. */
export function dashboardSince(url: string, since: string): string {
  const from = Date.parse(since) - BEFORE_MS;
  return Number.isNaN(from) ? url : withTime(url, from, 'now');
}

interface SpanFacts {
  service: string;
  /** `http.route` among them. */
  attributes: Readonly<Record<string, unknown>>;
}

/** Which dashboard tells about a service; the route narrows the API's to the endpoint that the span is of. */
const DASHBOARD_OF: Readonly<Record<string, string>> = {
  'taskmanager-api': 'application',
  'taskmanager-web': 'frontend',
  'taskmanager-browser': 'frontend',
  'taskmanager-worker': 'worker',
  'lab-console': 'lab-health',
};

/** The service's metrics around a moment. Undefined for a service that no dashboard is about. @param startMs Unix time. */
export function metricsOf({ service, attributes }: SpanFacts, startMs: number): string | undefined {
  const uid = DASHBOARD_OF[service];
  if (uid === undefined) return undefined;
  const route = attributes['http.route'];
  const narrowed =
    uid === 'application' && typeof route === 'string' ? `?var-route=${encodeURIComponent(route)}` : '';
  return withTime(`/dashboards/${uid}${narrowed}`, startMs - AROUND_SPAN_MS, startMs + AROUND_SPAN_MS);
}

function withTime(url: string, from: number, to: number | 'now'): string {
  const end = to === 'now' ? to : Math.ceil(to);
  return `${url}${url.includes('?') ? '&' : '?'}from=${Math.floor(from)}&to=${end}`;
}
