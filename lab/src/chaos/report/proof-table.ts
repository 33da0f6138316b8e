/** The proof table: a row for each alert of each experiment, for the terminal and the reports. */
import type { JudgedAlert } from 'lab-console/contract/experiments';
import { paint, table } from '../../cli/output.ts';
import type { ConductedRun } from '../conduct.ts';
import type { JudgedExperiment } from '../run/run-suite.ts';

export const PROOF_HEADER = [
  'experiment',
  'alert',
  'minimum',
  'fired',
  'inbox min.',
  'inbox',
  'resolved',
  'inbox: over',
  'budget spent',
  'verdict',
] as const;

/** Cells as text, seconds with one digit. */
export function proofRows({
  suite,
  timing,
  rate,
}: Pick<ConductedRun, 'suite' | 'timing' | 'rate'>): string[][] {
  return suite.experiments.flatMap((judged) => {
    const { record, judgement } = judged;
    const { name } = record.experiment;
    const spent = budgetSpent(judged, timing.speed, rate);
    const alerts = judgement.alerts.length > 0 ? judgement.alerts : [undefined];
    return alerts.map((alert, index) => [
      index === 0 ? name : '',
      alert ? `${alert.name}${REMARK[alert.expected]}` : 'none may fire, none did',
      seconds(alert?.theoreticalMinimumSeconds),
      seconds(alert?.firedAfterSeconds),
      seconds(alert?.theoreticalInboxSeconds),
      inbox(record.experiment, alert),
      seconds(alert?.resolvedAfterSeconds),
      seconds(alert?.resolvedMessageAfterSeconds),
      index === 0 ? spent : '',
      index === 0 ? judgement.verdict : alert && !alert.kept ? 'broken' : '',
    ]);
  });
}

export function proofTable(run: ConductedRun): string[] {
  const rows = proofRows(run).map((cells) =>
    cells.map((cell, column) => (column === cells.length - 1 ? paintVerdict(cell) : cell)),
  );
  return table([PROOF_HEADER.map((word) => paint('bold', word)), ...rows]);
}

const REMARK: Record<JudgedAlert['expected'], string> = {
  fire: '',
  'may-fire': ' (side effect)',
  silent: ' (false alarm)',
};

/** The way to the inbox may be what is broken, or another alert may speak for this one. */
function inbox({ alerts }: JudgedExperiment['record']['experiment'], alert: JudgedAlert | undefined): string {
  const must = alerts.must.find((each) => each.alert === alert?.name);
  if (must?.inbox === 'hidden') return 'hidden';
  return seconds(alert?.inboxAfterSeconds);
}

/** Of a 30-day budget of 0.1 % at this rate, in the time of the rules. */
const OBJECTIVE = 0.001;
const MONTH_SECONDS = 30 * 24 * 3600;

function budgetSpent({ record }: JudgedExperiment, speed: number, rate: number): string {
  if (!record.impact) return '';
  const budget = (MONTH_SECONDS / speed) * rate * OBJECTIVE || 1;
  return `${((record.impact.failed / budget) * 100).toFixed(2)} %`;
}

function seconds(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : value.toFixed(1);
}

function paintVerdict(text: string): string {
  if (text === 'kept') return paint('green', text);
  return text === '' ? text : paint('red', text);
}
