/** Asks the console for log lines and traces where it keeps them itself. */
import { z } from 'zod';
import { getJson } from '../get-json.ts';
import { accountForLines } from './log-accounting.ts';
import type { LogStore } from './log-store.ts';
import type { TraceStore } from './trace-store.ts';

const logPage = z.object({
  items: z.array(
    z.object({ service: z.string(), message: z.string(), fields: z.record(z.string(), z.unknown()) }),
  ),
});
const tracePage = z.object({
  items: z.array(
    z.object({ traceId: z.string(), spans: z.number(), services: z.array(z.object({ name: z.string() })) }),
  ),
});
const trace = z.object({ linkedFrom: z.array(z.object({ traceId: z.string() })) });

const LINES_DEADLINE_MS = 20_000;
const LOOKS = 3;

/** @param logFolder folder of the files that the services write and the console follows. */
export function consoleLogs(consoleUrl: string, logFolder: string): LogStore {
  const query = (requestId: string) => `http.request.id:"${requestId}"`;
  return {
    title: 'the console',
    async ofRequest(requestId, signal) {
      const parameters = new URLSearchParams({ q: query(requestId) });
      return logPage.parse(await getJson(`${consoleUrl}/api/logs?${parameters}`, signal)).items;
    },
    async account(since) {
      const count = () =>
        accountForLines({
          logFolder,
          consoleUrl,
          answered: [],
          since: new Date(since).toISOString(),
          deadlineMs: LINES_DEADLINE_MS,
        });
      let account = await count();
      // A busy machine writes a line later than its time says: what is really missing or doubled still is at a second look.
      for (
        let look = 1;
        look < LOOKS && account.gaps + account.notStored + account.storedTwice > 0;
        look += 1
      )
        account = await count();
      const { written, gaps, notStored, storedTwice } = account;
      return { written, gaps, notStored, storedTwice, behindMs: undefined };
    },
    link: (requestId, { from, to }) =>
      `${consoleUrl}/logs?q=${encodeURIComponent(query(requestId))}&from=${Math.round(from)}&to=${Math.round(to)}`,
  };
}

export function consoleTraces(consoleUrl: string): TraceStore {
  return {
    title: 'the console',
    async ofRequest(requestId, signal) {
      const parameters = new URLSearchParams({ tag: `http.request.id=${requestId}` });
      const { items } = tracePage.parse(await getJson(`${consoleUrl}/api/traces?${parameters}`, signal));
      return items.map(({ traceId, spans, services }) => ({
        traceId,
        spans,
        services: services.map(({ name }) => name),
      }));
    },
    async linkedTo(traceId, signal) {
      const { linkedFrom } = trace.parse(await getJson(`${consoleUrl}/api/traces/${traceId}`, signal));
      return linkedFrom.map((each) => each.traceId);
    },
    link: (traceId) => `${consoleUrl}/traces/${traceId}`,
  };
}
