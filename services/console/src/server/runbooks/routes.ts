import { Router } from 'express';
import { HttpProblem } from '../http/problem.ts';
import type { RunbookFolder } from './runbook-folder.ts';

export function runbookRoutes(runbooks: RunbookFolder): Router {
  const router = Router();
  router.get('/api/runbooks', async (_request, response) => {
    response.json(await runbooks.list());
  });
  router.get('/api/runbooks/:alert', async (request, response) => {
    const runbook = await runbooks.read(String(request.params['alert']));
    if (!runbook)
      throw new HttpProblem(
        404,
        `there is no runbook for ${JSON.stringify(String(request.params['alert']).slice(0, 100))}`,
      );
    response.vary('Accept');
    if (request.accepts('application/json', 'text/markdown') === 'text/markdown') {
      response.type('text/markdown').send(runbook.markdown);
    } else response.json(runbook);
  });
  return router;
}
