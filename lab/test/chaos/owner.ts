/** A run that begins, entrusts a rollback to its guardian, and waits to be killed. */
import { setTimeout as pause } from 'node:timers/promises';
import { Guardian } from '../../src/chaos/guardian/guardian.ts';
import { labPaths } from '../../src/settings/paths.ts';

const guardian = await Guardian.start({
  paths: labPaths(),
  id: 'a-run',
  kind: 'chaos',
  speed: 10,
  ttlSeconds: 60,
});
await guardian.entrust('api-errors', [{ undo: 'clear-faults', service: 'api' }]);
await pause(60_000);
