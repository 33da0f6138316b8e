import { Router } from 'express';
import type { Overview } from '../../contract/overview.ts';
import { type AlertSources, activeAlerts, known } from '../alerts/active-alerts.ts';
import { objectives } from './objectives.ts';
import { type PartSources, parts } from './parts.ts';
import { traffic } from './traffic.ts';

export type OverviewSources = PartSources & Pick<AlertSources, 'runbooks'>;

/** Several open pages ask Prometheus once. */
const KEEP_MS = 1500;

export function overviewRoutes(sources: OverviewSources): Router {
  const router = Router();
  let kept: { atMs: number; overview: Promise<Overview> } | undefined;
  router.get('/api/overview', async (_request, response) => {
    if (!kept || performance.now() - kept.atMs > KEEP_MS)
      kept = { atMs: performance.now(), overview: overview(sources) };
    response.json(await kept.overview);
  });
  return router;
}

/** Never fails: what cannot be found out says so itself. */
async function overview(sources: OverviewSources): Promise<Overview> {
  const now = new Date();
  const [found, alerts, goals, flow] = await Promise.all([
    parts(sources),
    activeAlerts({ ...sources, prometheus: sources.queries }),
    known(() => objectives(sources.queries)),
    known(() => traffic(sources.queries, now.getTime())),
  ]);
  return {
    at: now.toISOString(),
    parts: found.parts,
    partsSource: found.source,
    alerts,
    objectives: goals,
    traffic: flow,
  };
}
