/** What the browser may send to the server's telemetry intake, and how much of it: both sides keep to these. */

export const INTAKE_PATHS = {
  vitals: '/telemetry/vitals',
  errors: '/telemetry/errors',
  spans: '/telemetry/spans',
} as const;

export const VITAL_NAMES = ['LCP', 'INP', 'CLS', 'FCP', 'TTFB'] as const;
export type VitalName = (typeof VITAL_NAMES)[number];

/** Where a script error was caught. */
export const ERROR_KINDS = ['error', 'unhandledrejection', 'render'] as const;
export type ErrorKind = (typeof ERROR_KINDS)[number];

/** The largest body of any intake request, in bytes: what browsers let `sendBeacon` queue. */
export const MAX_INTAKE_BYTES = 64 * 1024;

export const MAX_VITALS = 20;
export const MAX_ERRORS = 10;
export const MAX_SPANS = 50;

/** Longer texts are cut, in UTF-16 units. */
export const MAX_ERROR_MESSAGE = 500;
export const MAX_ERROR_STACK = 4000;

/** `service.name` of the browser's spans, whatever the sender claims. */
export const BROWSER_SERVICE_NAME = 'taskmanager-browser';

/** Names of the `<meta>` elements through which the server tells the app how to trace. */
export const TRACE_META = { parent: 'traceparent', sampleRatio: 'trace-sample-ratio' } as const;
