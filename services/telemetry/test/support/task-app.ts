import express, { type Express, type NextFunction, type Request, type Response, Router } from 'express';
import { httpServerTelemetry, nameRoute, type Telemetry } from '../../src/index.ts';

/** A tiny application with every shape of route and every way to end a request. */
export function taskApp(telemetry: Telemetry, prepare: (app: Express) => void = () => undefined): Express {
  const app = express();
  app.use(httpServerTelemetry({ telemetry, trustedProxies: 1 }));
  prepare(app);
  app.use(express.json());

  const tasks = Router();
  tasks.get('/', (_request, response) => void response.json({ items: [] }));
  tasks.post('/', (request, response) => void response.status(201).json(request.body));
  tasks.get('/:id', (request, response) => void response.json({ id: request.params['id'] }));
  tasks.get('/:id/throws', () => {
    throw new Error('thrown');
  });
  tasks.get('/:id/rejects', async () => {
    throw new Error('rejected');
  });
  tasks.get('/:id/next', (_request, _response, next) => next(new Error('handed on')));
  tasks.get('/:id/hangs', () => undefined);
  tasks.get('/:id/streams', (_request, response) => {
    response.write('first');
  });
  tasks.get('/:id/breaks', (_request, response) => {
    response.write('first', () => response.destroy(new Error('broke in the middle')));
  });
  tasks.get('/:id/chunks', (_request, response) => {
    response.write('first ');
    response.end('second');
  });
  tasks.get(['/either/one', '/either/:other'], (_request, response) => void response.sendStatus(200));
  tasks.get(/^\/pattern\/(\d+)$/, (_request, response) => void response.sendStatus(200));

  const members = Router({ mergeParams: true });
  members.get('/:memberId', (request, response) => void response.json(request.params));
  const shared = Router();
  shared.get('/shared', (_request, response) => void response.sendStatus(204));

  app.use('/api/v1/tasks', tasks);
  app.use('/api/v1/teams/:teamId/members', members);
  app.use('/first', shared);
  app.use('/second', shared);
  app.use('/assets', (request, response) => {
    nameRoute(request, '/assets/*');
    response.sendStatus(200);
  });
  app.all('/files/*path', (_request, response) => void response.sendStatus(200));
  app.use(
    (error: Error & { status?: number }, _request: Request, response: Response, _next: NextFunction) => {
      response.status(error.status ?? 500).json({ error: error.message });
    },
  );
  return app;
}
