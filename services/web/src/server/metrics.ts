/** The metrics that only web has: what browsers report. */
import { counter, histogram } from '@lab/telemetry';

const VITAL_LABELS = ['route', 'synthetic'] as const;
/** Edges exactly on web-vitals' good and poor thresholds. */
export const METRICS = {
  web_vitals_lcp_seconds: histogram(
    'web_vitals_lcp_seconds',
    VITAL_LABELS,
    [0.1, 0.25, 0.5, 1, 1.5, 2, 2.5, 3, 4, 6, 10],
    'Largest Contentful Paint as browsers saw it; good up to 2.5, poor above 4.',
  ),
  web_vitals_inp_seconds: histogram(
    'web_vitals_inp_seconds',
    VITAL_LABELS,
    [0.016, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2.5, 5],
    'Interaction to Next Paint as browsers saw it; good up to 0.2, poor above 0.5.',
  ),
  web_vitals_fcp_seconds: histogram(
    'web_vitals_fcp_seconds',
    VITAL_LABELS,
    [0.1, 0.25, 0.5, 1, 1.8, 2.5, 3, 4, 6, 10],
    'First Contentful Paint as browsers saw it; good up to 1.8, poor above 3.',
  ),
  web_vitals_ttfb_seconds: histogram(
    'web_vitals_ttfb_seconds',
    VITAL_LABELS,
    [0.01, 0.05, 0.1, 0.25, 0.5, 0.8, 1.2, 1.8, 3, 5],
    'Time To First Byte as browsers saw it; good up to 0.8, poor above 1.8.',
  ),
  web_vitals_cls: histogram(
    'web_vitals_cls',
    VITAL_LABELS,
    [0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1],
    'Cumulative Layout Shift as browsers saw it, without unit; good up to 0.1, poor above 0.25.',
  ),
  frontend_errors_total: counter(
    'frontend_errors_total',
    ['kind', 'synthetic'],
    'Script errors that browsers reported.',
  ),
  frontend_intake_rejected_total: counter(
    'frontend_intake_rejected_total',
    ['endpoint', 'reason'],
    'Browser telemetry refused: invalid, too_large or rate_limited.',
  ),
};
