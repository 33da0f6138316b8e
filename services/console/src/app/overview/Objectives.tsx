import { Empty, type Tone } from '@lab/ui-kit';
import type { Objective } from '../../contract/overview.ts';
import { clamp } from '../format/number.ts';
import { formatText } from '../format/units.ts';
import { budgetWords } from './budget-words.ts';

/** Above one the budget does not last; at 14.4 the page of the lab's fastest burn-rate alert is due. */
function burnTone(burnRate: number | null): Tone {
  if (burnRate === null) return 'neutral';
  return burnRate >= 14.4 ? 'critical' : burnRate > 1 ? 'warning' : 'ok';
}

function budgetTone(remaining: number): Tone {
  return remaining <= 0 ? 'critical' : remaining < 0.25 ? 'warning' : 'ok';
}

/** Enough decimals to tell 99.9 from 99.95 from the objective. */
const share = (ratio: number) => formatText(ratio, 'percentunit', ratio > 0.99 ? 3 : 2);

export function Objectives({ objectives }: { objectives: readonly Objective[] }) {
  if (objectives.length === 0)
    return <Empty title="No objective is recorded">Rules that record slo:objective:ratio define them.</Empty>;
  return (
    <ul className="objectives rows">
      {objectives.map((objective) => (
        <li key={objective.slo}>
          <div className="objective-head">
            <span className="objective-name wrap-anywhere">{objective.slo}</span>
            <span className="muted">at least {formatText(objective.objective, 'percentunit')}</span>
          </div>
          {objective.budgetRemaining === null ? (
            <p className="hint">No traffic yet: nothing promised was broken or kept.</p>
          ) : (
            <Budget objective={objective} remaining={objective.budgetRemaining} />
          )}
        </li>
      ))}
    </ul>
  );
}

function Budget({ objective, remaining }: { objective: Objective; remaining: number }) {
  const left = formatText(remaining, 'percentunit', 0);
  return (
    <>
      <div
        className={`budget tone-${budgetTone(remaining)}`}
        role="img"
        aria-label={`Error budget left: ${left}`}
      >
        <span style={{ width: `${clamp(remaining, 0, 1) * 100}%` }} />
      </div>
      <p className="objective-facts note">
        <span className={`objective-budget tone-${budgetTone(remaining)}`}>{budgetWords(remaining)}</span>
        <span>{objective.attained === null ? '' : `attained ${share(objective.attained)}`}</span>
        <span className={`objective-burn tone-${burnTone(objective.burnRate)}`}>
          {objective.burnRate === null
            ? 'not burning: no traffic'
            : `burning ${formatText(objective.burnRate, 'none', objective.burnRate < 10 ? 1 : 0)}×`}
        </span>
      </p>
    </>
  );
}
