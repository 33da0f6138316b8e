import { Badge, type Tone } from '@lab/ui-kit';
import type { ExperimentSummary } from '../../contract/experiments.ts';

/** The state of an experiment in a word: its verdict once there is one. */
export function Verdict({ experiment }: { experiment: ExperimentSummary }) {
  const { tone, text } = describe(experiment);
  return <Badge tone={tone}>{text}</Badge>;
}

function describe({ state, verdict }: ExperimentSummary): { tone: Tone; text: string } {
  if (state === 'running') return { tone: 'info', text: 'running' };
  if (state === 'abandoned') return { tone: 'unknown', text: 'never ended' };
  switch (verdict) {
    case 'kept':
      return { tone: 'ok', text: 'promises kept' };
    case 'broken':
      return { tone: 'critical', text: 'promise broken' };
    case 'interrupted':
      return { tone: 'warning', text: 'interrupted' };
    default:
      return { tone: 'unknown', text: 'inconclusive' };
  }
}
