import { alertsFiring } from '../build/annotations.ts';
import { dashboard, section } from '../build/dashboard.ts';
import * as browser from '../panels/browser.ts';

/** For whoever builds the browser app: what people see, at p75, and what breaks in their browsers. */
export const frontend = dashboard({
  uid: 'frontend',
  title: 'Frontend',
  description:
    'What people’s browsers report: Web Vitals at p75, script errors, page loads. The colours are web.dev’s.',
  alerts: alertsFiring('service="taskmanager-web"', 'browser-bad-release'),
  variables: [
    { name: 'page', label: 'Page', selector: 'web_vitals_ttfb_seconds_count', of: 'route' },
    {
      name: 'synthetic',
      label: 'Synthetic',
      selector: 'web_vitals_ttfb_seconds_count',
      of: 'synthetic',
    },
  ],
  next: { application: 'Application', slo: 'SLO' },
  sections: [
    section('', [...browser.vitalTiles, browser.errorsTile]),
    section('Vitals', [...browser.vitalsByPage, browser.otherVitals, browser.lcpDistribution]),
    section('Pages and errors', [browser.scriptErrors, browser.pageViews, browser.intake, browser.webErrors]),
    section('Web itself', [browser.webRequests, browser.webDurations]),
  ],
});
