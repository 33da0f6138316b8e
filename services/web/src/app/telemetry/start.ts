/**
 * What the app tells about itself: Web Vitals, script errors, spans. It leaves by beacon, mostly when the page is
 * hidden, and nothing in the app depends on whether anybody takes it.
 */
import { onCLS, onFCP, onINP, onLCP, onTTFB } from 'web-vitals';
import {
  type ErrorKind,
  INTAKE_PATHS,
  MAX_ERRORS,
  MAX_SPANS,
  MAX_VITALS,
  type VitalName,
} from '../../shared/intake.ts';
import { type PageTemplate, pageOf } from '../../shared/pages.ts';
import { type BeaconQueue, createBeaconQueue } from './beacon-queue.ts';
import { createErrorFilter, describeThrown, type ErrorReport } from './error-report.ts';
import { type BrowserSpan, encodeSpans } from './otlp-json.ts';
import { tracePageLoad } from './page-load.ts';
import { sendJsonBeacon } from './send-beacon.ts';
import { readPageTracing } from './trace-context.ts';
import { createTracer, type Tracer } from './tracer.ts';

/** Errors wait this long for others of the same fault, spans for the rest of the view, in milliseconds. */
const ERROR_DELAY = 1000;
const SPAN_DELAY = 5000;
const ERRORS_PER_PAGE = 20;

export interface BrowserTelemetry {
  tracer: Tracer;
  reportError: (kind: ErrorKind, thrown: unknown) => void;
}

export function startTelemetry(): BrowserTelemetry {
  const errors = createBeaconQueue<ErrorReport>({
    capacity: MAX_ERRORS,
    delay: ERROR_DELAY,
    encode: (items) => ({ errors: items }),
    send: (body) => sendJsonBeacon(INTAKE_PATHS.errors, body),
  });
  const isNews = createErrorFilter(ERRORS_PER_PAGE);
  const reportError = (kind: ErrorKind, thrown: unknown) => {
    const report = describeThrown(kind, thrown, pageOf(location.pathname));
    if (isNews(report)) errors.add(report);
  };
  // Resource errors (an image that is missing) do not bubble and are not meant here.
  addEventListener('error', (event) => reportError('error', event.error ?? event.message));
  addEventListener('unhandledrejection', (event) => reportError('unhandledrejection', event.reason));

  const vitals = collectVitals();
  const { tracer, spans } = startTracing();

  // Below web-vitals' own listeners, which catch the same event on the window and add the last values.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'hidden') return;
    for (const queue of [vitals, errors, spans]) queue.flush();
  });
  return { tracer, reportError };
}

interface Vital {
  name: VitalName;
  value: number;
  route: PageTemplate;
}

/** Web Vitals belong to the page that was loaded, not to where its user went from there. */
function collectVitals(): BeaconQueue<Vital> {
  const route = pageOf(location.pathname);
  const queue = createBeaconQueue<Vital>({
    capacity: MAX_VITALS,
    encode: (items) => ({ metrics: items }),
    send: (body) => sendJsonBeacon(INTAKE_PATHS.vitals, body),
  });
  const add = ({ name, value }: { name: VitalName; value: number }) => queue.add({ name, value, route });
  for (const observe of [onLCP, onINP, onCLS, onFCP, onTTFB]) observe(add);
  return queue;
}

function startTracing(): { tracer: Tracer; spans: BeaconQueue<BrowserSpan> } {
  const spans = createBeaconQueue<BrowserSpan>({
    capacity: MAX_SPANS,
    delay: SPAN_DELAY,
    encode: encodeSpans,
    send: (body) => sendJsonBeacon(INTAKE_PATHS.spans, body),
  });
  const meta = (name: string) =>
    document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? undefined;
  const tracer = createTracer({ ...readPageTracing(meta), record: (span) => spans.add(span) });
  tracePageLoad(tracer);
  for (const event of ['pointerdown', 'keydown']) {
    addEventListener(event, () => tracer.leavePage(), { once: true, capture: true });
  }
  return { tracer, spans };
}
