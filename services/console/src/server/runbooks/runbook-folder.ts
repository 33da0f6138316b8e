import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Runbook, RunbookList } from '../../contract/runbooks.ts';

const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,99}$/;

/** Runbooks as they lie in the folder: `<Alert>.md`, one an alert. Read anew each time, so that edits show at once. */
export class RunbookFolder {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Names of the alerts that have one. */
  async names(): Promise<Set<string>> {
    try {
      const files = await readdir(this.#folder);
      return new Set(
        files
          .filter((file) => file.endsWith('.md'))
          .map((file) => file.slice(0, -3))
          .filter((name) => NAME.test(name)),
      );
    } catch {
      // No folder: no runbooks. An alert without one is shown without a link.
      return new Set();
    }
  }

  async list(): Promise<RunbookList> {
    const names = [...(await this.names())].sort();
    const items = await Promise.all(
      names.map(async (alert) => ({ alert, title: (await this.read(alert))?.title ?? alert })),
    );
    return { items };
  }

  /** @returns undefined when there is none of that name. */
  async read(alert: string): Promise<Runbook | undefined> {
    if (!NAME.test(alert) || !(await this.names()).has(alert)) return undefined;
    const markdown = await readFile(join(this.#folder, `${alert}.md`), 'utf8');
    const [, heading] = /^#\s+(.+)$/m.exec(markdown) ?? [];
    return { alert, title: heading?.trim() ?? alert, markdown };
  }
}
