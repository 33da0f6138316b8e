/** Reads and writes `.env`: only secrets and what a person changed stand in it, and only its owner may read it. */
import { randomBytes } from 'node:crypto';
import { appendFile, chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CannotRun } from '../cli/failure.ts';
import { SECRET_NAMES, SECRET_PURPOSES } from './variables.ts';

const ASSIGNMENT = /^(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)$/;

/**
 * Variables of a file in Compose's format: `NAME=value`, `#` comments, values bare or in one kind of quotes.
 * @throws CannotRun naming file and line for anything else, because Compose would read it differently.
 */
export function parseEnvironment(text: string, file: string): Record<string, string> {
  const variables: Record<string, string> = {};
  text.split(/\r?\n/).forEach((line, index) => {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#')) return;
    const [, name, raw = ''] = ASSIGNMENT.exec(trimmed) ?? [];
    if (name === undefined)
      throw new CannotRun(`${file} line ${index + 1}: expected NAME=value, a comment or nothing`);
    const quoted = /^(["'])(.*)\1\s*(?:#.*)?$/.exec(raw);
    if (!quoted && /^["']/.test(raw))
      throw new CannotRun(
        `${file} line ${index + 1}: the value of ${name} has an opening quote and no closing one`,
      );
    variables[name] = quoted ? (quoted[2] ?? '') : raw.replace(/\s+#.*$/, '').trim();
  });
  return variables;
}

/** The file's variables; none where there is no file. */
export async function readEnvironmentFile(file: string): Promise<Record<string, string>> {
  try {
    return parseEnvironment(await readFile(file, 'utf8'), file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw error;
  }
}

const HEADING = `# Written by \`make env\`. Secrets of this checkout, and what you change: see .env.example for every variable.
`;

/**
 * Writes the file with a fresh secret for each that is missing, mode 0600; what stands in it is kept.
 * @returns names of the secrets that were added.
 */
export async function ensureEnvironmentFile(file: string): Promise<string[]> {
  const present = await readEnvironmentFile(file);
  const missing = SECRET_NAMES.filter((name) => !present[name]);
  const lines = missing.map(
    (name) => `# ${SECRET_PURPOSES[name]}\n${name}=${randomBytes(24).toString('hex')}\n`,
  );
  await mkdir(dirname(file), { recursive: true });
  if (Object.keys(present).length === 0 && (await isMissing(file))) {
    await writeFile(file, `${HEADING}${lines.join('')}`, { mode: 0o600, flag: 'wx' });
  } else if (missing.length > 0) {
    // A line break first: a file that a person edited may not end with one.
    await appendFile(file, `\n${lines.join('')}`);
  }
  await chmod(file, 0o600);
  return missing;
}

async function isMissing(file: string): Promise<boolean> {
  return readFile(file).then(
    () => false,
    (error: NodeJS.ErrnoException) => error.code === 'ENOENT',
  );
}
