import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { DashboardList } from '../../contract/dashboards.ts';

const panelSchema = z.looseObject({
  type: z.string().optional(),
  get panels() {
    return z.array(panelSchema).optional();
  },
});
const fileSchema = z.looseObject({
  uid: z
    .string()
    .regex(/^[A-Za-z0-9_-]{0,40}$/, 'expected 1 to 40 of A-Z, a-z, 0-9, _ and -')
    .nullish(),
  title: z.string().min(1),
  description: z.string().nullish(),
  tags: z.array(z.string()).nullish(),
  panels: z.array(panelSchema).default([]),
});
type DashboardFile = z.infer<typeof fileSchema> & { uid: string };

interface Entry {
  stamp: string;
  dashboard: DashboardFile | undefined;
  error: string;
}

const MAX_BYTES = 5 * 1024 * 1024;

/** Dashboards as Grafana's provisioning finds them: JSON files in one folder, read again when they change. */
export class DashboardFolder {
  readonly #folder: string;
  readonly #entries = new Map<string, Entry>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  async list(): Promise<DashboardList> {
    const files = await this.#read();
    const items: DashboardList['items'] = [];
    const broken: DashboardList['broken'] = [];
    for (const [file, { dashboard, error }] of files) {
      if (!dashboard) broken.push({ file, error });
      else if (items.some(({ uid }) => uid === dashboard.uid))
        broken.push({ file, error: `another file has the uid ${dashboard.uid}` });
      else {
        const { uid, title, description, tags, panels } = dashboard;
        items.push({ uid, title, description: description || null, tags: tags ?? [], panels: count(panels) });
      }
    }
    items.sort((a, b) => a.title.localeCompare(b.title));
    return { items, broken };
  }

  /** @returns undefined when no file has that uid. */
  async get(uid: string): Promise<DashboardFile | undefined> {
    return [...(await this.#read()).values()].find(({ dashboard }) => dashboard?.uid === uid)?.dashboard;
  }

  async #read(): Promise<Map<string, Entry>> {
    let names: string[];
    try {
      names = (await readdir(this.#folder)).filter((name) => name.endsWith('.json')).sort();
    } catch (error) {
      return new Map([[this.#folder, { stamp: '', dashboard: undefined, error: String(error) }]]);
    }
    for (const known of this.#entries.keys()) if (!names.includes(known)) this.#entries.delete(known);
    for (const name of names) await this.#refresh(name);
    return this.#entries;
  }

  async #refresh(name: string): Promise<void> {
    const path = join(this.#folder, name);
    try {
      const { mtimeMs, size } = await stat(path);
      const stamp = `${mtimeMs} ${size}`;
      if (this.#entries.get(name)?.stamp === stamp) return;
      if (size > MAX_BYTES) throw new Error(`expected at most ${MAX_BYTES} bytes, found ${size}`);
      this.#entries.set(name, { stamp, ...readDashboard(await readFile(path, 'utf8'), name) });
    } catch (error) {
      this.#entries.set(name, {
        stamp: '',
        dashboard: undefined,
        error: error instanceof Error ? error.message : String(error),
      });
    }
  }
}

/** Returns a uid for a file that has none. It stays the same as long as the file keeps its name, as Grafana's provisioning has it. */
function uidOf(file: string): string {
  return createHash('sha256').update(file).digest('base64url').slice(0, 14);
}

function readDashboard(text: string, file: string): Omit<Entry, 'stamp'> {
  const result = fileSchema.safeParse(JSON.parse(text));
  if (result.success)
    return { dashboard: { ...result.data, uid: result.data.uid || uidOf(file) }, error: '' };
  const issue = result.error.issues[0];
  return { dashboard: undefined, error: `${issue?.path.join('.') || 'file'}: ${issue?.message}` };
}

/** Panels, those in rows counted, the rows themselves not. */
function count(panels: z.infer<typeof panelSchema>[]): number {
  return panels.reduce((sum, panel) => sum + (panel.type === 'row' ? 0 : 1) + count(panel.panels ?? []), 0);
}
