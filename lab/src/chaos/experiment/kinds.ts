/** The form of an action and of a rollback, in Chaos Toolkit's words. Both act by plain data, which a guardian can keep. */
import type { z } from 'zod';
import type { Viewers } from '../../stack/stack.ts';
import type { Target } from '../target/target.ts';

type ActionForm = z.ZodType<{ do: string }>;
type RollbackForm = z.ZodObject<{ undo: z.ZodLiteral<string> }>;

export interface RollbackKind<Schema extends RollbackForm = RollbackForm> {
  readonly schema: Schema;
  /** Harmless where there is nothing to undo, and repeatable: a guardian may come after half of it was done. */
  perform(rollback: z.output<Schema>, target: Target): void | Promise<void>;
}

type Undone = readonly [RollbackKind, ...RollbackKind[]];

export interface ActionKind<Schema extends ActionForm = ActionForm, By extends Undone = Undone> {
  readonly schema: Schema;
  /** Says in a sentence what it does: loadtests/chaos/README.md lists it. */
  readonly description: string;
  /** Returns when the trouble is there. */
  perform(action: z.output<Schema>, target: Target): void | Promise<void>;
  /** Names the parts that it acts on, directly or by what it asks of them: two experiments on one part are not run side by side. */
  touches(action: z.output<Schema>, viewers: Viewers): readonly string[];
  /** These undo it, in this order. Each takes over the fields of the action that it knows by name (`part`, `service`). */
  readonly undoneBy: By;
}

/** Types `perform` by the schema beside it. */
export const rollbackKind = <Schema extends RollbackForm>(kind: RollbackKind<Schema>) => kind;
/** Types `perform` by the schema beside it. */
export const actionKind = <Schema extends ActionForm, const By extends Undone>(
  kind: ActionKind<Schema, By>,
) => kind;
