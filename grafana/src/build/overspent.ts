import { MappingType, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';

/** Above 1 the failures of a window spent its whole error budget; from there on a percentage below zero tells nobody anything. */
const STEPS = [
  { from: -1, to: -0.0005, text: 'overspent' },
  { from: -9, to: -1, text: 'spent over 2×' },
  { from: -99, to: -9, text: 'spent over 10×' },
  { from: null, to: -99, text: 'spent over 100×' },
] as const;

/** Words for an error budget's remaining share below zero. */
export const OVERSPENT: readonly ValueMapping[] = STEPS.map(({ from, to, text }, index) => ({
  type: MappingType.RangeToText,
  options: { from, to, result: { text, index } },
}));
