/** The form of an experiment's file in loadtests/chaos, in the terms of chaos engineering. Durations are production's. */
import { parseDuration } from '@lab/prometheus';
import { z } from 'zod';
import type { Mode } from '../../settings/mode.ts';
import { actionSchema, rollbackSchema } from './actions.ts';
import { onlyMode } from './names.ts';

/** Milliseconds of production time: `90s`, `5m`. */
const duration = z
  .string()
  .regex(/^(\d+(ms|s|m|h))+$/, 'expected a duration such as 90s or 5m')
  .transform((text) => parseDuration(text));
const sentence = z.string().min(12).max(600);
const alertName = z.string().regex(/^[A-Z][A-Za-z0-9]+$/, 'expected the name of an alert');

/** A query whose every series stays within the bounds; no series at all only where `absent: ok` says so. */
export const hypothesisSchema = z
  .strictObject({
    what: sentence,
    query: z.string().min(2),
    atLeast: z.number().optional(),
    atMost: z.number().optional(),
    absent: z.literal('ok').optional(),
  })
  .refine(({ atLeast, atMost }) => atLeast !== undefined || atMost !== undefined, {
    message: 'expected atLeast or atMost: without a bound it cannot fail',
  });
export type Hypothesis = z.infer<typeof hypothesisSchema>;

/** The data that have to come together before the rule's expression can be true, at the soonest. */
const neededSchema = z.strictObject({
  /** `window` × `threshold` ÷ `injected`: how much of a window the fault has to fill, at the ratio it injects. */
  share: z
    .strictObject({ window: duration, threshold: z.number().positive(), injected: z.number().positive() })
    .refine(({ threshold, injected }) => threshold < injected, {
      message: 'expected injected above threshold: the alert could never fire',
    })
    .optional(),
  /** Production time, scaled with the rules. */
  time: duration.optional(),
  /** Seconds of the wall clock at any time scale: what the fault itself needs to do its work. */
  seconds: z.number().positive().optional(),
});

const mustSchema = z.strictObject({
  alert: alertName,
  mode: onlyMode,
  needs: neededSchema.default({}),
  /** Most production time from the method to firing. */
  within: duration,
  /**
   * `delivered`: the message is in the inbox before the rollback; `late`: the way to the inbox is what was broken, it arrives
   * after the rollback; `hidden`: another alert inhibits it.
   */
  inbox: z.enum(['delivered', 'late', 'hidden']).default('delivered'),
  because: sentence.optional(),
});

const lossSchema = z.union([z.literal('nothing'), z.strictObject({ because: sentence })]);

export const experimentSchema = z
  .strictObject({
    title: z.string().min(10).max(120),
    story: z.string().min(20),
    /** `core` runs with every `make chaos`. */
    suite: z.enum(['core', 'all']).default('all'),
    /** The modes in which the method is possible; default: both. */
    mode: onlyMode,
    /** Its place in a suite: small numbers first. */
    order: z.int().min(0).max(100).default(50),
    /** Nothing else is going on meanwhile, not even an earlier one's last message: it breaks what all are judged by. */
    alone: z.boolean().default(false),
    /** Beside what steady-state.yaml asks of every experiment. */
    hypothesis: z.array(hypothesisSchema).default([]),
    method: z.array(actionSchema).max(10),
    /** Rollbacks beside those that follow from the method. */
    rollbacks: z.array(rollbackSchema).max(10).default([]),
    /** The method stays at least this long, in production time, though everything expected has fired. */
    holds: duration.default(0),
    alerts: z
      .strictObject({
        must: z.array(mustSchema).default([]),
        may: z.array(z.strictObject({ alerts: z.array(alertName).min(1), because: sentence })).default([]),
      })
      .default({ must: [], may: [] }),
    /** Most production time from the rollback until the hypothesis holds again. */
    heals: duration,
    /** Most production time from the rollback to the last resolved message. */
    resolves: duration,
    /** The trouble that users may notice from the method until it has healed. */
    users: z.strictObject({
      /** Largest share of requests without a good answer. */
      errorRatio: z.number().min(0).max(1),
      /** Largest 95th percentile of answers, seconds; a bound in wall-clock time. */
      p95Seconds: z.number().positive(),
    }),
    /** The losses: nothing, or something with its reason. */
    loses: z
      .strictObject({
        writes: lossSchema.default('nothing'),
        logs: lossSchema.default('nothing'),
        jobs: lossSchema.default('nothing'),
      })
      .default({ writes: 'nothing', logs: 'nothing', jobs: 'nothing' }),
  })
  .superRefine((experiment, context) => {
    if (experiment.method.length === 0 && experiment.holds === 0)
      context.addIssue({
        code: 'custom',
        path: ['holds'],
        message: 'expected a time to hold: nothing is done',
      });
    experiment.alerts.must.forEach(({ inbox, because }, index) => {
      if (inbox !== 'delivered' && because === undefined)
        context.addIssue({
          code: 'custom',
          path: ['alerts', 'must', index, 'because'],
          message: `expected a reason why its message is ${inbox}`,
        });
    });
  });
export type ExperimentFile = z.infer<typeof experimentSchema>;

export interface Experiment extends ExperimentFile {
  /** The file's name without its ending. */
  name: string;
}

/** An experiment as one mode runs it: without what only the other one has. */
export function inMode(experiment: Experiment, here: Mode): Experiment {
  const { method, rollbacks, alerts } = experiment;
  // Most steps are of both modes and carry no such field.
  const belongs = (each: object) => !('mode' in each) || each.mode === undefined || each.mode === here;
  return {
    ...experiment,
    method: method.filter(belongs),
    rollbacks: rollbacks.filter(belongs),
    alerts: { ...alerts, must: alerts.must.filter(belongs) },
  };
}

export const steadyStateSchema = z.strictObject({
  hypothesis: z.array(hypothesisSchema).min(1),
  /**
   * Alerts that remember by design, longer than any experiment, each with the production time in which a cause has to lie: its short
   * window. They may stay from before, and an experiment that may set them off still explains them so long after it has healed; so does
   * what was before the run, where it `burns` (an expression: a condition of the rule itself) as the run begins.
   */
  remembering: z.strictObject({
    alerts: z.record(alertName, z.strictObject({ within: duration, burns: z.string().min(2) })),
    because: sentence,
  }),
  /** The past that a lab is given which has just started, where it is not what calm traffic does now. */
  past: z
    .strictObject({
      /** Recorded counts a second that are divided `by` so much: all of one ratio together, which stays what it is. */
      thinned: z.strictObject({
        series: z.array(z.string().min(2)).min(1),
        by: z.number().gt(1),
        because: sentence,
      }),
    })
    .optional(),
});
export type SteadyState = z.infer<typeof steadyStateSchema>;
