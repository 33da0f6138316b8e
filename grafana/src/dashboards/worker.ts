import { alertsFiring } from '../build/annotations.ts';
import { dashboard, section } from '../build/dashboard.ts';
import * as jobs from '../panels/jobs.ts';

/** For whoever answers "my reminder did not come". */
export const worker = dashboard({
  uid: 'worker',
  title: 'Worker and queue',
  description: 'Reminders and notifications: what waits, what is done, what fails, how long it takes.',
  alerts: alertsFiring('service="taskmanager-worker"', 'worker-backlog'),
  variables: [{ name: 'queue', label: 'Queue', selector: 'worker_queue_depth', of: 'queue' }],
  next: { database: 'Database', application: 'Application' },
  sections: [
    section('', [jobs.done, jobs.waiting, jobs.oldest, jobs.failedShare, jobs.givenUp, jobs.duplicates]),
    section('Queues', [jobs.queues, jobs.depth, jobs.age, jobs.workerUp]),
    section('Work', [jobs.outcomes, jobs.byQueue, jobs.durations, jobs.distribution]),
  ],
});
