import { parse } from 'yaml';
import { CannotRun, describeError } from './failure.ts';

/** Reads a person's YAML. @param file names it in the message. @throws CannotRun where it cannot be read. */
export function readYaml(text: string, file: string): unknown {
  try {
    return parse(text, { merge: true });
  } catch (cause) {
    throw new CannotRun(`${file} cannot be read as YAML: ${describeError(cause)}`, { cause });
  }
}
