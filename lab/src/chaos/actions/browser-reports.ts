import { z } from 'zod';
import { actionKind } from '../experiment/kinds.ts';
import { endTraffic } from '../rollbacks/end-traffic.ts';
import { perSecond, sendEach } from '../target/extra-traffic.ts';

const headers = { 'content-type': 'application/json', 'x-synthetic': '1', 'x-requested-with': 'taskmanager' };
const error = { kind: 'error', message: 'injected: undefined is not a function', route: '/' };

export const browserReports = actionKind({
  schema: z.strictObject({
    do: z.literal('browser-reports'),
    viewsPerSecond: perSecond,
    errorsPerView: z.number().min(0).max(5).default(0),
    vitals: z.partialRecord(z.enum(['LCP', 'INP', 'CLS', 'FCP', 'TTFB']), z.number().min(0)).default({}),
  }),
  description:
    'Reports what a browser app gone bad reports: page views with these vitals, and script errors.',
  perform({ viewsPerSecond, errorsPerView, vitals }, { stack, extraTraffic: { signal } }) {
    // Every page view reports its time to first byte.
    const metrics = Object.entries({ TTFB: 120, ...vitals }).map(([name, value]) => ({
      name,
      value,
      route: '/',
    }));
    let owed = 0;
    sendEach(viewsPerSecond, signal, async (request) => {
      const post = (path: string, body: unknown) =>
        request(`${stack.addresses.web}/telemetry/${path}`, {
          method: 'POST',
          headers,
          body: JSON.stringify(body),
        });
      owed += errorsPerView;
      const errors = Math.floor(owed);
      owed -= errors;
      await post('vitals', { metrics });
      if (errors > 0) await post('errors', { errors: Array(errors).fill(error) });
    });
  },
  touches: () => ['web'],
  undoneBy: [endTraffic],
});
