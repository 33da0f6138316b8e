import { Router } from 'express';
import type { Alerts } from '../../contract/alerts.ts';
import { type AlertSources, activeAlerts } from './active-alerts.ts';
import { loadedRules } from './rules.ts';

export function alertRoutes(sources: AlertSources): Router {
  const router = Router();
  router.get('/api/alerts', async (_request, response) => {
    const answer: Alerts = { alerts: await activeAlerts(sources), at: new Date().toISOString() };
    response.json(answer);
  });
  router.get('/api/rules', async (_request, response) => {
    response.json(await loadedRules(sources.prometheus, sources.runbooks));
  });
  return router;
}
