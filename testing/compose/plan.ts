/** Everything that is tried, in its order: experiments on a lab that nothing has disturbed yet, what replaces containers last. */
import { engineRestart, yesterdaysVolumes } from './checks/coming-back.ts';
import { configuration, rules } from './checks/configuration.ts';
import { experiments } from './checks/experiments.ts';
import { k6, soak } from './checks/load.ts';
import { losses } from './checks/losses.ts';
import { neighbour } from './checks/neighbour.ts';
import { secrets } from './checks/secrets.ts';
import { shop } from './checks/shop.ts';
import { signals } from './checks/signals.ts';
import { survival } from './checks/survival.ts';
import { walls } from './checks/walls.ts';
import { USUAL } from './options.ts';
import { publishExperiments, publishSoak } from './report.ts';
import type { Step, Subject } from './subject.ts';

const GROUPS: Record<(typeof USUAL)[number], (subject: Subject) => Step[]> = {
  signals,
  walls,
  losses,
  survival,
  configuration,
  rules,
  secrets,
  k6,
  volumes: yesterdaysVolumes,
  neighbour,
  shop,
};

export function plan(subject: Subject): Step[] {
  const { groups, chaos, soakMs, restartEngine } = subject.options;
  const usual = (wanted: boolean) =>
    USUAL.filter((group) => groups.includes(group) && (group === 'signals') === wanted).flatMap((group) =>
      GROUPS[group](subject),
    );
  return [
    ...usual(true),
    ...(chaos === undefined
      ? []
      : experiments(subject, chaos, (figures) => publishExperiments(chaos, figures))),
    ...usual(false),
    ...(soakMs === 0 ? [] : soak(subject, soakMs, (figures) => publishSoak(soakMs, figures))),
    ...(restartEngine === undefined ? [] : engineRestart(subject, restartEngine)),
  ];
}
