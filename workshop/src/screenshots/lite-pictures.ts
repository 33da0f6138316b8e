/** The console’s pages that stand in for the tools made for dashboards, logs and traces. */
import { DASHBOARDS } from './dashboards.ts';
import type { Picture, Scene } from './picture.ts';
import { atLeast, exactly, says, shows } from './proofs.ts';

const range = ({ range: { from, to } }: Pick<Scene, 'range'>) =>
  `from=${Math.round(from)}&to=${Math.round(to)}`;
/** Shows what a person looks at during an incident: the page follows the clock, so that a proof may still come true. */
const live = ({ range: { from } }: Pick<Scene, 'range'>) => `from=${Math.round(from)}&to=now&refresh=5s`;

export const LITE_DASHBOARDS: readonly Picture[] = DASHBOARDS.map(
  ({ uid, title, shows: seen, when, month, says: words = [] }) => ({
    name: `dashboard-${uid}`,
    title,
    shows: seen,
    standsFor: 'dashboards',
    when,
    address: (scene) => {
      const incident = when !== 'calm' && when !== 'after';
      const past = month && scene.month ? { range: scene.month } : scene;
      return `${scene.at('console')}/dashboards/${uid}?${incident ? live(scene) : range(past)}`;
    },
    proofs: [
      exactly('every panel of the file is drawn', 'article.panel', ({ panels }) => panels(uid)),
      ...words.map(({ what, panel, least }) => says(what, panel, least)),
    ],
    size: 'whole',
  }),
);

export const LITE_LOGS: readonly Picture[] = [
  {
    name: 'logs',
    title: 'Application logs',
    shows: 'Lines of all services as they were written, over time by level, narrowed by a click or a query.',
    standsFor: 'logs',
    when: 'calm',
    address: (scene) => `${scene.at('console')}/logs?${range(scene)}`,
    proofs: [
      atLeast('at least twenty lines', '.log-list > li', 20),
      shows('lines of the API', 'taskmanager-api', '.log-list'),
      shows('lines of web', 'taskmanager-web', '.log-list'),
    ],
  },
  {
    name: 'logs-of-one-request',
    title: 'One request’s story in the logs',
    shows:
      'The lines that carry one request’s id, from web and the API; one is opened, with the trace they belong to.',
    standsFor: 'logs',
    when: 'calm',
    address: ({ links, story }) =>
      links.logs(story.requestId, { from: story.at - 60_000, to: story.at + 60_000 }),
    async prepare(page) {
      await page
        .locator('.log-list > li', { hasText: 'taskmanager-api' })
        .first()
        .getByRole('button')
        .click();
    },
    proofs: [
      exactly('every line with the request’s id', '.log-list > li', ({ story }) => story.logLines),
      shows('the id in the opened line', ({ story }) => story.requestId, '.record'),
      shows('the trace’s id in the opened line', ({ story }) => story.traceId, '.record'),
    ],
    size: 960,
  },
];

export const LITE_TRACES: readonly Picture[] = [
  {
    name: 'trace',
    title: 'A distributed trace',
    shows:
      'One click in the browser: through web and the API to each statement in Postgres; below the title, the job that it left to the worker.',
    standsFor: 'traces',
    when: 'calm',
    address: ({ links, story }) => links.trace(story.traceId),
    proofs: [
      exactly('every span of the trace', 'ul.spans > li', ({ story }) => story.spans),
      ...['taskmanager-browser', 'taskmanager-web', 'taskmanager-api'].map((name) =>
        shows(`spans of ${name}`, name, '.trace-services'),
      ),
      shows('a statement in Postgres', /insert/i, 'ul.spans'),
      shows('the job it left to the worker', /Work that it left to others/),
    ],
    size: 480,
  },
  {
    name: 'trace-of-the-job',
    title: 'The job’s trace',
    shows:
      'What the worker did later, in a trace of its own: a span link leads back to the request that asked for it.',
    standsFor: 'traces',
    when: 'calm',
    address: ({ links, story }) => links.trace(`${story.jobTraceId}`),
    async prepare(page) {
      await page.locator('ul.spans .span-name').first().click();
    },
    proofs: [
      shows('spans of the worker', 'taskmanager-worker', '.trace-services'),
      shows('a link to the request’s trace', ({ story }) => story.traceId.slice(0, 8)),
    ],
    size: 900,
  },
  {
    name: 'traces',
    title: 'Traces',
    shows: 'What took how long over the last minutes: every dot is a trace; slow and failed ones stand out.',
    standsFor: 'traces',
    when: 'calm',
    address: (scene) => `${scene.at('console')}/traces?${range(scene)}`,
    proofs: [atLeast('at least ten traces', 'a[href^="/traces/"]', 10)],
  },
  {
    name: 'service-graph',
    title: 'Service graph',
    shows: 'Who calls whom, how often, how fast: drawn from the spans, the queue included.',
    standsFor: 'traces',
    when: 'calm',
    address: (scene) => `${scene.at('console')}/traces/graph?${range(scene)}`,
    proofs: [
      shows('web calls the API', 'taskmanager-web', 'table'),
      shows('the API calls Postgres', 'postgres', 'table'),
      shows('the worker takes jobs', 'taskmanager-worker', 'table'),
    ],
    size: 520,
  },
];

/** A row of the waterfall, by its words for those who do not see the bar: `api SELECT session, 703 ms`. */
const SLOW_STATEMENT =
  'ul.spans .span-name:text-matches("(SELECT|INSERT|UPDATE|DELETE|BEGIN|COMMIT).*, [678][0-9][0-9]([.][0-9]+)? ms")';

/** The worked investigations of docs/investigating.md, at the moment when somebody would look. */
export const LITE_INVESTIGATIONS: readonly Picture[] = [
  {
    name: 'incident-api-logs',
    title: 'HighErrorRate: the lines of failed requests',
    shows:
      'Only errors of the API while one request in four fails; one is opened: the route, the status, the trace to go on with.',
    standsFor: 'logs',
    when: 'api-errors',
    address: (scene) =>
      `${scene.at('console')}/logs?q=${encodeURIComponent('http.response.status_code>=500')}&service=taskmanager-api&${range(scene)}`,
    async prepare(page) {
      await page.locator('.log-list > li').first().getByRole('button').click();
    },
    proofs: [
      atLeast('at least five failed requests', '.log-list > li', 5),
      shows('the status of the opened one', '500', '.record'),
      shows('its trace’s id', 'trace.id', '.record'),
    ],
    size: 960,
  },
  {
    name: 'incident-database-dashboard',
    title: 'HighDatabaseLatency: the database’s dashboard',
    shows:
      'Every operation is slower by the same time, commits too, while Postgres itself is idle: the way to it is slow, not its work.',
    standsFor: 'dashboards',
    when: 'database-slow',
    address: (scene) => `${scene.at('console')}/dashboards/database?${live(scene)}`,
    proofs: [
      exactly('every panel of the file is drawn', 'article.panel', ({ panels }) => panels('database')),
      says('nine in ten operations took up to half a second or more', 'Operations, p90', 0.5),
    ],
    size: 'whole',
  },
  {
    name: 'incident-slow-trace',
    title: 'HighDatabaseLatency: a slow request’s trace',
    shows:
      'Where the time of one slow request goes, although nothing failed: 0.7 s for each statement, whatever it asks; what is left over is waiting for a connection of the pool that others hold.',
    standsFor: 'traces',
    when: 'database-slow',
    // Callers give up on the pool after 1.5 s: what lasted longer than that and a statement holds several statements.
    address: (scene) => `${scene.at('console')}/traces?service=taskmanager-api&min=2300ms&${range(scene)}`,
    async prepare(page) {
      await page.locator('a.trace-row:not(:has([data-error="true"]))').first().click();
    },
    proofs: [
      exactly('no span failed', '.span-bar[data-error="true"]', 0),
      atLeast('two statements of 0.6 to 0.9 s', SLOW_STATEMENT, 2),
      shows('spans of the API', 'taskmanager-api', '.trace-services'),
    ],
    size: 640,
  },
  {
    name: 'incident-frontend-dashboard',
    title: 'BrowserErrors: the frontend’s dashboard',
    shows:
      'Script errors rise from none to more than one in five page views of the last quarter of an hour, while web fails nobody: only browsers can tell.',
    standsFor: 'dashboards',
    when: 'browser-bad-release',
    address: (scene) => `${scene.at('console')}/dashboards/frontend?${live(scene)}`,
    proofs: [
      exactly('every panel of the file is drawn', 'article.panel', ({ panels }) => panels('frontend')),
      says('a script error in one of five page views', 'Script errors', 0.2),
    ],
    size: 'whole',
  },
  {
    name: 'incident-browser-logs',
    title: 'BrowserErrors: what browsers wrote',
    shows:
      'The script errors that browsers reported to web; one is opened: its kind, its message, the page it happened on.',
    standsFor: 'logs',
    when: 'browser-bad-release',
    address: (scene) =>
      `${scene.at('console')}/logs?q=${encodeURIComponent('event.action:browser-error')}&${range(scene)}`,
    async prepare(page) {
      await page.locator('.log-list > li').first().getByRole('button').click();
    },
    proofs: [
      atLeast('at least five reports', '.log-list > li', 5),
      shows('what it said', 'error.message', '.record'),
    ],
    size: 900,
  },
];
