/** Pictures of the task manager and of the console’s pages that both modes have. */
import type { Picture } from './picture.ts';
import { atLeast, shows } from './proofs.ts';

export const TASK_MANAGER: Picture = {
  name: 'task-manager',
  title: 'The application that is watched',
  shows: 'The task manager in a browser: what sends everything that the other pictures show.',
  when: 'calm',
  address: ({ at }) => `${at('web')}/`,
  proofs: [
    atLeast('at least five tasks', 'ul.tasks > li', 5),
    shows('the task of the story', ({ story }) => story.taskTitle, 'ul.tasks'),
  ],
  size: 720,
};

export const OVERVIEW: Picture = {
  name: 'overview',
  title: 'Overview',
  shows:
    'The page to open first: what is wrong, how users fare, what is left of the error budgets, and what runs.',
  when: 'calm',
  address: ({ at }) => `${at('console')}/`,
  proofs: [
    shows('requests are counted', /req\/s/),
    atLeast('the three objectives are known', '.objectives > li', 3),
    shows('the parts are listed', 'taskmanager-api', '[aria-labelledby="parts-title"]'),
  ],
};

/** While the experiment's alert fires. */
export const INCIDENT: readonly Picture[] = [
  {
    name: 'alerts-firing',
    title: 'A firing alert',
    shows:
      'What fires and since when, the value against its threshold, who is told, and the ways on: runbook, dashboard, silence.',
    when: 'api-errors',
    address: ({ at }) => `${at('console')}/alerts`,
    proofs: [
      atLeast(
        'the experiment’s alert fires',
        ({ experiment }) => `section[aria-label="Firing"] .alert-card:has-text("${experiment?.alert}")`,
        1,
      ),
    ],
  },
  {
    name: 'overview-incident',
    title: 'Overview during an incident',
    shows: 'The same page while the API answers one request in four with a 500.',
    when: 'api-errors',
    address: ({ at }) => `${at('console')}/`,
    proofs: [
      shows(
        'the experiment’s alert is named',
        ({ experiment }) => `${experiment?.alert}`,
        '[aria-labelledby="alerts-title"]',
      ),
    ],
  },
];

export const RULES: readonly Picture[] = [
  {
    name: 'alert-rules',
    title: 'Alert rules',
    shows: 'Every rule as Prometheus holds it, with its state and how long it takes to evaluate.',
    when: 'calm',
    address: ({ at }) => `${at('console')}/alerts/rules`,
    proofs: [shows('the exercise’s rules are there', 'HighErrorRate'), shows('the groups are there', /slo/i)],
  },
  {
    name: 'routing',
    title: 'Alertmanager’s configuration',
    shows:
      'Who hears of what, and when: the routing tree with its waits, what hides what, and the receivers, read from the running Alertmanager.',
    standsFor: 'Alertmanager’s own status page',
    when: 'calm',
    address: ({ at }) => `${at('console')}/alerts/routing`,
    proofs: [
      shows('critical alerts have a route', /severity=.?"?critical/),
      atLeast('inhibition rules', '.inhibit li', 3),
      shows('the receivers', 'slack-critical'),
    ],
    size: 'whole',
  },
];

/** Pictures of what the experiment left behind. */
export const AFTERMATH: readonly Picture[] = [
  {
    name: 'inbox',
    title: 'The inbox',
    shows:
      'What really left Alertmanager for a Slack channel: the alert, and that it is over. A real webhook address takes the inbox’s place by one line in `.env`.',
    standsFor: 'Slack',
    when: 'after',
    address: ({ at }) => `${at('console')}/inbox?channel=critical-alerts`,
    proofs: [
      atLeast(
        'the alert has arrived',
        ({ experiment }) => `.message[data-status="firing"]:has-text("${experiment?.alert}")`,
        1,
      ),
      atLeast(
        'its end has arrived',
        ({ experiment }) => `.message[data-status="resolved"]:has-text("${experiment?.alert}")`,
        1,
      ),
    ],
    size: 1400,
  },
  {
    name: 'experiment',
    title: 'An experiment and its proof',
    shows:
      'One thing was broken on purpose. When its alert was pending, fired, reached the inbox and resolved, against the promised limits.',
    when: 'after',
    address: ({ at, experiment }) => `${at('console')}/experiments/${experiment?.id}`,
    proofs: [
      shows('it has a verdict', /promises kept|promise broken/),
      shows('its alert has a lane', ({ experiment }) => `${experiment?.alert}`, '.lanes'),
      atLeast('its promises are judged', '.promises li', 3),
    ],
    size: 'whole',
  },
  {
    name: 'experiments',
    title: 'Experiments that ran',
    shows: 'What was broken on purpose on this lab, newest first, with how many promises were kept.',
    when: 'after',
    address: ({ at }) => `${at('console')}/experiments`,
    proofs: [atLeast('at least one experiment', '.experiments li', 1)],
  },
];
