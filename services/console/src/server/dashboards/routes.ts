import { Router } from 'express';
import { HttpProblem } from '../http/problem.ts';
import type { DashboardFolder } from './dashboard-folder.ts';

export function dashboardRoutes(dashboards: DashboardFolder): Router {
  const router = Router();
  router.get('/api/dashboards', async (_request, response) => {
    response.json(await dashboards.list());
  });
  router.get('/api/dashboards/:uid', async (request, response) => {
    const uid = String(request.params['uid']);
    const dashboard = await dashboards.get(uid);
    if (!dashboard) throw new HttpProblem(404, `there is no dashboard ${JSON.stringify(uid.slice(0, 60))}`);
    response.json(dashboard);
  });
  return router;
}
