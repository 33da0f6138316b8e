import { alertsFiring } from '../build/annotations.ts';
import { dashboard, section } from '../build/dashboard.ts';
import * as slo from '../panels/slo.ts';

/** For product and management: do we keep what we promised, and may we take risks? */
export const objectives = dashboard({
  uid: 'slo',
  title: 'SLO and error budget',
  description: 'What was promised to users, what is left of each error budget, and how fast it goes.',
  alerts: alertsFiring('slo!=""'),
  variables: [{ name: 'slo', label: 'Objective', selector: 'slo:objective:ratio', of: 'slo' }],
  next: { 'on-call': 'On call', application: 'Application' },
  from: 'now-6h',
  sections: [
    section('', slo.budgets),
    section('Promises', [slo.promises, slo.budgetOverTime]),
    section('Pace: how many times faster than it lasts the budget goes', slo.burnRatePanels),
    section('Behind it', [slo.goodAndBad, slo.badShare]),
  ],
});
