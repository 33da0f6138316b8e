import { Router } from 'express';
import { type Lab, labSettingsSchema } from '../../contract/lab.ts';
import type { StateStore } from '../../store/index.ts';
import type { ConsoleConfig } from '../config.ts';
import type { WatchdogSwitch } from '../dead-mans-switch/dead-mans-switch.ts';
import { bearer } from '../http/bearer.ts';
import { jsonBody } from '../http/json-body.ts';
import { parse } from '../http/parameters.ts';
import { links } from './links.ts';

interface Options {
  config: Pick<ConsoleConfig, 'mode' | 'publicUrls' | 'viewers' | 'signals' | 'labToken' | 'service'>;
  state: StateStore;
  watchdog: WatchdogSwitch;
  /** Time scale at the start, as it was kept. */
  speed: number;
}

export const SPEED_SETTING = 'speed';

export function labRoutes({ config, state, watchdog, speed: initialSpeed }: Options): Router {
  const router = Router();
  const startedAt = new Date().toISOString();
  const shown = links(config);
  let speed = initialSpeed;

  const lab = async (): Promise<Lab> => ({
    now: new Date().toISOString(),
    mode: config.mode,
    speed,
    version: config.service.version,
    startedAt,
    deadMansSwitch: watchdog.status(),
    runningExperiments: (
      await state.call('experiments', {
        name: undefined,
        state: 'running',
        limit: 20,
        cursor: undefined,
        nowMs: Date.now(),
      })
    ).items,
    ...shown,
  });

  router.get('/api/lab', async (_request, response) => {
    response.json(await lab());
  });
  router.put('/api/lab', bearer(config.labToken), ...jsonBody('4kb'), async (request, response) => {
    const settings = parse(labSettingsSchema, request.body, 'body');
    await state.call('saveSetting', { name: SPEED_SETTING, value: String(settings.speed) });
    speed = settings.speed;
    watchdog.setSpeed(speed);
    response.json(await lab());
  });
  return router;
}
