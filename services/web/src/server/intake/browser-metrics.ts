/** What browsers report, as metrics whose labels come from fixed sets only. */
import type { Telemetry } from '@lab/telemetry';
import { ERROR_KINDS, type ErrorKind, INTAKE_PATHS, type VitalName } from '../../shared/intake.ts';
import type { PageTemplate } from '../../shared/pages.ts';
import { METRICS } from '../metrics.ts';

export type IntakeEndpoint = keyof typeof INTAKE_PATHS;
export type RejectionReason = 'invalid' | 'too_large' | 'rate_limited';
const REJECTION_REASONS: readonly RejectionReason[] = ['invalid', 'too_large', 'rate_limited'];

export interface BrowserMetrics {
  /** @param value as the browser gives it: milliseconds, for CLS without unit. Clamped to what can be meant. */
  vital(name: VitalName, value: number, route: PageTemplate, synthetic: boolean): void;
  error(kind: ErrorKind, synthetic: boolean): void;
  rejected(endpoint: IntakeEndpoint, reason: RejectionReason): void;
}

/** No honest page takes longer, nor jumps about more. */
const MOST_MILLISECONDS = 60_000;
const MOST_LAYOUT_SHIFT = 10;

const DEFINITIONS = {
  LCP: METRICS.web_vitals_lcp_seconds,
  INP: METRICS.web_vitals_inp_seconds,
  FCP: METRICS.web_vitals_fcp_seconds,
  TTFB: METRICS.web_vitals_ttfb_seconds,
  CLS: METRICS.web_vitals_cls,
} as const;

export function createBrowserMetrics(telemetry: Telemetry): BrowserMetrics {
  const vitals = {
    LCP: telemetry.histogram(DEFINITIONS.LCP),
    INP: telemetry.histogram(DEFINITIONS.INP),
    FCP: telemetry.histogram(DEFINITIONS.FCP),
    TTFB: telemetry.histogram(DEFINITIONS.TTFB),
    CLS: telemetry.histogram(DEFINITIONS.CLS),
  };
  const errors = telemetry.counter(METRICS.frontend_errors_total);
  const rejected = telemetry.counter(METRICS.frontend_intake_rejected_total);

  // From 0, so that the first is an increase.
  for (const kind of ERROR_KINDS) {
    for (const synthetic of [true, false]) errors.inc({ kind, synthetic: String(synthetic) }, 0);
  }
  for (const endpoint of Object.keys(INTAKE_PATHS)) {
    for (const reason of REJECTION_REASONS) rejected.inc({ endpoint, reason }, 0);
  }

  return {
    vital(name, value, route, synthetic) {
      const labels = { route, synthetic: String(synthetic) };
      if (name === 'CLS') vitals.CLS.observe(labels, Math.min(value, MOST_LAYOUT_SHIFT));
      else vitals[name].observe(labels, Math.min(value, MOST_MILLISECONDS) / 1000);
    },
    error: (kind, synthetic) => errors.inc({ kind, synthetic: String(synthetic) }),
    rejected: (endpoint, reason) => rejected.inc({ endpoint, reason }),
  };
}
