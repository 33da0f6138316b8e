import { StartError } from './start-error.ts';

/**
 * Runs a program's start, and ends the process when the start fails. A StartError is shown line by line, each line with the
 * program's name; any other error is a bug and is shown with its stack. Exit status: 2 for a wrong setting, else 1.
 */
export async function runProgram(name: string, start: () => unknown): Promise<void> {
  try {
    await start();
  } catch (error) {
    if (!(error instanceof StartError)) {
      console.error(`${name} cannot start:`, error);
      process.exit(1);
    }
    for (const line of error.message.split('\n')) console.error(`${name} cannot start: ${line}`);
    process.exit(error.exitCode);
  }
}
