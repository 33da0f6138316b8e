/**
 * Defines what a method may do and how it is undone: plain data, checked before anything runs, and small enough to be written down
 * for the guardian, who undoes it when nobody else can. Each action is a file of its own under ../actions.
 */
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Viewers } from '../../stack/stack.ts';
import * as ACTIONS from '../actions/index.ts';
import type { Target } from '../target/target.ts';
import type { ActionKind, RollbackKind } from './kinds.ts';

type KnownAction = (typeof ACTIONS)[keyof typeof ACTIONS];
export type Action = z.output<KnownAction['schema']>;
export type Rollback = z.output<KnownAction['undoneBy'][number]['schema']>;

export const actionKinds: readonly ActionKind[] = Object.values(ACTIONS);
const rollbackKinds: readonly RollbackKind[] = [...new Set(actionKinds.flatMap(({ undoneBy }) => undoneBy))];

export const actionSchema = anyOf<Action>('do', actionKinds);
export const rollbackSchema = anyOf<Rollback>('undo', rollbackKinds);

/** Does an action. Returns when the trouble is there. */
export async function perform(action: Action, target: Target): Promise<void> {
  await kindOf(action, actionKinds).perform(action, target);
}

/** Undoes what an action did; harmless where there is nothing to undo, and repeatable. */
export async function undo(rollback: Rollback, target: Target): Promise<void> {
  await kindOf(rollback, rollbackKinds).perform(rollback, target);
}

/** Names the parts that a method acts on, each once. */
export function touchedParts(method: readonly Action[], viewers: Viewers): string[] {
  return [...new Set(method.flatMap((action) => kindOf(action, actionKinds).touches(action, viewers)))];
}

/** The rollbacks that follow from a method: what was done last is undone first, and nothing twice. */
export function derivedRollbacks(method: readonly Action[]): Rollback[] {
  const all = method.toReversed().flatMap((action) =>
    kindOf(action, actionKinds).undoneBy.map(({ schema }) => {
      const [name] = schema.shape.undo.values;
      return rollbackSchema.parse(schema.strip().parse({ ...action, undo: name }));
    }),
  );
  return all.filter((each, index) => all.findIndex((other) => isDeepStrictEqual(each, other)) === index);
}

/** All that undoes an experiment: what follows from its method, then what its file adds. */
export function rollbacksOf({ method, rollbacks }: { method: Action[]; rollbacks: Rollback[] }): Rollback[] {
  return [...derivedRollbacks(method), ...rollbacks];
}

/** `fault error on api (ratio 0.4)`, `stop postgres`: for progress, reports and the console. */
export function describeAction(action: Action): string {
  const { do: verb, ...rest } = action;
  const details = Object.entries(rest)
    .filter(([key, value]) => value !== undefined && key !== 'mode')
    .map(([key, value]) => `${key} ${typeof value === 'object' ? JSON.stringify(value) : value}`);
  return details.length > 0 ? `${verb} (${details.join(', ')})` : verb;
}

export function describeRollback({ undo, ...rest }: Rollback): string {
  return [undo, 'service' in rest ? rest.service : '', 'part' in rest ? rest.part : '']
    .filter(Boolean)
    .join(' ');
}

/** The kind whose form some data has. */
function kindOf<Kind extends { schema: z.ZodType }>(data: object, kinds: readonly Kind[]): Kind {
  const found = kinds.find(({ schema }) => schema.safeParse(data).success);
  if (!found) throw new Error(`expected an action or a rollback, got ${JSON.stringify(data)}`);
  return found;
}

function anyOf<Data>(key: string, kinds: readonly { schema: z.ZodType }[]): z.ZodType<Data> {
  const schemas = kinds.map(({ schema }) => schema) as unknown as [z.core.$ZodTypeDiscriminable];
  return z.discriminatedUnion(key, schemas) as unknown as z.ZodType<Data>;
}
