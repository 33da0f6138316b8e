/** Where no browser is found: Web Vitals as a browser would send them, marked synthetic and so told apart in every query. */
import { describeError } from '../cli/failure.ts';
import type { Visitor, VisitorOptions, VisitorReport } from './visitor.ts';

const EVERY_MS = 5_000;
/** Of a page that does well; seconds as milliseconds, as browsers report them. */
const TYPICAL = { LCP: 900, INP: 60, CLS: 0.02, FCP: 500, TTFB: 80 };

export function syntheticVisitor({ webUrl }: VisitorOptions): Visitor {
  const report: VisitorReport = { kind: 'synthetic', walks: 0, failures: 0, reason: undefined };
  let sending = Promise.resolve();
  const send = async () => {
    const metrics = Object.entries(TYPICAL).map(([name, typical]) => ({
      name,
      // Between half and one and a half times the typical.
      value: typical * (0.5 + Math.random()),
      route: '/',
    }));
    try {
      const response = await fetch(`${webUrl}/telemetry/vitals`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-synthetic': '1' },
        body: JSON.stringify({ metrics }),
        signal: AbortSignal.timeout(EVERY_MS),
      });
      if (!response.ok) throw new Error(`web answered ${response.status}`);
      report.walks += 1;
    } catch (error) {
      report.failures += 1;
      report.reason = describeError(error);
    }
  };
  const next = () => {
    sending = send();
  };
  next();
  const timer = setInterval(next, EVERY_MS);
  return {
    report,
    async stop() {
      clearInterval(timer);
      await sending;
    },
  };
}
