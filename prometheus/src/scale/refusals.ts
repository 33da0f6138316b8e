/** Rules that cannot run at a time scale: which they are, and what a person does about it. */

/** A rule that cannot be brought to a time scale. */
export interface RefusedRule {
  /** The name of the rules file, such as `shop.yml`. */
  file: string;
  /** The alert or the recorded series. */
  rule: string;
  /** The time scale; undefined for a mistake in the rule, which none mends but 1. */
  factor: number | undefined;
  reason: string;
}

/** @returns a line that names file, rule, reason and remedy. */
export function describeRefusal({ file, rule, factor, reason }: RefusedRule): string {
  const at = factor === undefined ? '' : ` at time scale ${factor}`;
  return `${file}: ${rule}${at}: ${reason}; SPEED=1 runs it as written`;
}

/** Rules of a file that cannot be brought to a time scale. */
export class UnscalableRules extends Error {
  override readonly name = 'UnscalableRules';
  readonly refused: readonly RefusedRule[];

  constructor(refused: readonly RefusedRule[]) {
    super(refused.map(describeRefusal).join('\n'));
    this.refused = refused;
  }
}
