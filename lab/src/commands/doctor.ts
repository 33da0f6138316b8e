/** `lab doctor`: what could keep the lab from running here. Exit 1 where something has to be cured first. */
import { existsSync } from 'node:fs';
import type { Command } from '../cli/command.ts';
import { PromiseBroken } from '../cli/failure.ts';
import { paint } from '../cli/output.ts';
import type { Finding } from '../doctor/check.ts';
import { findings } from '../doctor/checks.ts';
import { loadSettings } from '../settings/settings.ts';
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
    const up = await isUp(await openStackInUse(paths, settings));
    const found = await findings(paths, settings, up);
    for (const finding of found) output.result(line(finding));
    const serious = found.filter(({ verdict }) => verdict === 'bad').length;
    if (serious > 0) throw new PromiseBroken(`${serious} to be cured before the lab can start`);
  },
};

function line({ what, verdict, detail, cure }: Finding): string {
  const [colour, mark] = MARKS[verdict];
  return [`${paint(colour, mark)} ${what}: ${detail}`, ...(cure ? [`    → ${cure}`] : [])].join('\n');
}
