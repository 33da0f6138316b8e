import type { Logger } from '@lab/telemetry';
import { z } from 'zod';
import type { StateStore } from '../../store/index.ts';
import type { SwitchMemory } from './dead-mans-switch.ts';

const SETTING = 'watchdog';
const memorySchema = z.object({
  lastSeenMs: z.number().nullable(),
  silentSinceMs: z.number().nullable(),
  silences: z.number(),
});

/** What was kept when the console last ran. */
export async function readMemory(state: StateStore): Promise<SwitchMemory> {
  const kept = await state.call('setting', SETTING);
  return kept === undefined
    ? { lastSeenMs: null, silentSinceMs: null, silences: 0 }
    : memorySchema.parse(JSON.parse(kept));
}

/** Keeps it in the background: the switch itself must work on a full disk too. */
export function saveMemory(state: StateStore, logger: Logger): (memory: SwitchMemory) => void {
  return (memory) => {
    state.call('saveSetting', { name: SETTING, value: JSON.stringify(memory) }).catch((error) => {
      logger.warn('what the dead-man’s switch saw cannot be kept', { error });
    });
  };
}
