/** What people do in the task manager, request by request: walked by k6's script and by the lab's own engine alike. */
export { furnish, JOURNEYS, type Weighted } from './journeys.ts';
export { dealer, requestsPerJourney } from './mix.ts';
export { logIn, taskIn } from './requests.ts';
export type { Account, Answer, RequestStep } from './step.ts';
