/** The lab as actions and rollbacks work on it: the stack's interface, its databases, its folders, and traffic of one's own. */
import type { Load } from '../../load/start-load.ts';
import { type Databases, databasesOf } from '../../settings/databases.ts';
import type { LabPaths } from '../../settings/paths.ts';
import type { Settings } from '../../settings/settings.ts';
import type { Stack } from '../../stack/stack.ts';

interface TargetOptions {
  paths: LabPaths;
  settings: Settings;
  stack: Stack;
  speed: number;
  /** After which every fault ends by itself, seconds. */
  ttlSeconds: number;
  /** The background load and its usual rate, where there is one: a guardian has none, and needs none to undo. */
  background?: { load: Load; rate: number };
}

export interface Target extends TargetOptions {
  databases: Databases;
  /** Ends, by its signal, all traffic beside the background load. */
  extraTraffic: AbortController;
}

export function targetOf(options: TargetOptions): Target {
  return { ...options, databases: databasesOf(options.settings), extraTraffic: new AbortController() };
}
