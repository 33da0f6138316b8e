import { Router } from 'express';
import { z } from 'zod';
import { jsonBody } from '../http/json-body.ts';
import { parse } from '../http/parameters.ts';
import { fromPrograms } from '../http/same-origin.ts';
import type { WatchdogSwitch } from './dead-mans-switch.ts';

/** Alertmanager's webhook body, as far as it matters here. */
const webhookSchema = z.looseObject({
  status: z.enum(['firing', 'resolved']),
  alerts: z
    .array(z.looseObject({ status: z.enum(['firing', 'resolved']) }))
    .min(1)
    .max(1000),
});

export function watchdogRoutes(watchdog: WatchdogSwitch): Router {
  const router = Router();
  router.post('/hooks/watchdog', fromPrograms, ...jsonBody('256kb'), (request, response) => {
    const { status } = parse(webhookSchema, request.body, 'body');
    // A resolved watchdog is no sign of life: the rule is gone.
    if (status === 'firing') watchdog.seen();
    response.type('text/plain').send('ok');
  });
  return router;
}
