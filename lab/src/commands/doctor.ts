/** `lab doctor`: what could keep the lab from running here. Exit 1 where something has to be cured first. */
import { existsSync } from 'node:fs';
import type { Command } from '../cli/command.ts';
import { CannotRun, PromiseBroken } from '../cli/failure.ts';
import { paint } from '../cli/output.ts';
import { type Finding, note } from '../doctor/check.ts';
import { findings } from '../doctor/checks.ts';
import type { LabPaths } from '../settings/paths.ts';
import { loadSettings, type Settings } from '../settings/settings.ts';
import { SECRET_NAMES } from '../settings/variables.ts';
import { openStackInUse } from '../stack/open-stack.ts';
import { isUp } from '../stack/stack.ts';

const MARKS = { good: ['green', '✓'], note: ['yellow', '!'], bad: ['red', '✗'] } as const;

const PLACEHOLDERS = Object.fromEntries(SECRET_NAMES.map((name) => [name, 'none-before-the-first-start']));

export const doctor: Command = {
  name: 'doctor',
  summary: 'what could keep the lab from running here, each with its cure',
  async run({ paths, output, environment }) {
    // Looking writes nothing: before the first start any secret will do.
    const secrets = existsSync(paths.environmentFile) ? {} : PLACEHOLDERS;
    const settings = await loadSettings(paths, { ...secrets, ...environment });
    const lab = await labState(paths, settings);
    const found = [
      ...(await findings(paths, settings, lab === 'up')),
      ...(typeof lab === 'object' ? [lab] : []),
    ];
    for (const finding of found) output.result(line(finding));
    const serious = found.filter(({ verdict }) => verdict === 'bad').length;
    if (serious > 0) throw new PromiseBroken(`${serious} to be cured before the lab can start`);
  },
};

/** Whether it is up; a finding where that cannot be known: its cluster does not answer, say. */
async function labState(paths: LabPaths, settings: Settings): Promise<'up' | 'down' | Finding> {
  try {
    return (await isUp(await openStackInUse(paths, settings))) ? 'up' : 'down';
  } catch (error) {
    if (!(error instanceof CannotRun)) throw error;
    return note('lab', 'whether it is up is not known', error.message);
  }
}

function line({ what, verdict, detail, cure }: Finding): string {
  const [colour, mark] = MARKS[verdict];
  return [`${paint(colour, mark)} ${what}: ${detail}`, ...(cure ? [`    → ${cure}`] : [])].join('\n');
}
