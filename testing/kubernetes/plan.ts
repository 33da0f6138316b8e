/** Everything that is tried, in its order: experiments on a lab that nothing has disturbed yet, what replaces pods last. */
import { configuration } from './checks/configuration.ts';
import { experiments } from './checks/experiments.ts';
import { logs } from './checks/logs.ts';
import { manifests } from './checks/manifests.ts';
import { replicas } from './checks/replicas.ts';
import { rights } from './checks/rights.ts';
import { signals } from './checks/signals.ts';
import { updates } from './checks/updates.ts';
import { walls } from './checks/walls.ts';
import { GROUPS, type Group } from './options.ts';
import type { Check, Subject } from './subject.ts';

const CHECKS: Record<Group, (subject: Subject) => Check[]> = {
  signals,
  manifests,
  rights,
  walls,
  configuration,
  updates,
  replicas,
  logs,
};

export function plan(subject: Subject): Check[] {
  const { groups, chaos } = subject.options;
  const chosen = (signalsToo: boolean) =>
    GROUPS.filter((group) => groups.includes(group) && (group === 'signals') === signalsToo).flatMap(
      (group) => CHECKS[group](subject),
    );
  return [...chosen(true), ...(chaos === undefined ? [] : experiments(subject, chaos)), ...chosen(false)];
}
