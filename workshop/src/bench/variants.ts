/** The subjects of the comparison: the same API, instrumented in different ways. Order as in the printed table. */
export interface Variant {
  name: string;
  /** The remark that a reader of the table needs. */
  title: string;
  /** The way in which `server.ts` composes the API. */
  observability: 'bare' | 'lab' | 'textbook';
  /** Loaded ahead with `--import`, relative to this folder; or the library's own register. */
  register?: string;
  environment?: Record<string, string>;
  /** Writes a log line for each request. */
  logs: boolean;
}

export const VARIANTS: readonly Variant[] = [
  { name: 'bare', title: 'no instrumentation', observability: 'bare', logs: false },
  { name: 'metrics', title: '+ metrics', observability: 'lab', logs: false },
  { name: 'logs', title: '+ logs', observability: 'lab', logs: true },
  {
    name: 'traces10',
    title: '+ traces of 10 %',
    observability: 'lab',
    logs: true,
    register: '@lab/telemetry/register',
    environment: { OTEL_TRACES_SAMPLER_ARG: '0.1' },
  },
  {
    name: 'traces100',
    title: '+ traces of 100 %',
    observability: 'lab',
    logs: true,
    register: '@lab/telemetry/register',
    environment: { OTEL_TRACES_SAMPLER_ARG: '1' },
  },
  {
    name: 'official',
    title: 'official http, express and pg instrumentations, tuned, 100 %; our metrics and logs',
    observability: 'lab',
    logs: true,
    register: './variants/official.ts',
  },
  {
    name: 'textbook',
    title: 'as the exercise writes it: every instrumentation, coloured console, two lines a request',
    observability: 'textbook',
    logs: true,
    register: './variants/textbook-tracing.ts',
  },
];
