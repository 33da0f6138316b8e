/**
 * Texts of rules with their templates filled in, by Prometheus's own engine: promtool tests a rule whose expression is the sample and
 * whose annotations are the texts, and prints what they came to.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unescapeGo } from '@lab/prometheus';
import { execa } from 'execa';
import { templateQueries } from '../recordings/needed-series.ts';
import { keyOf } from './alert-states.ts';
import { queryAt, type Series } from './query-range.ts';
import type { PrometheusProgram } from './scratch-prometheus.ts';

export interface TemplateCase {
  /** The texts as they are written. */
  texts: readonly string[];
  /** Labels and value that they speak of. */
  labels: Readonly<Record<string, string>>;
  value: number;
  /** Unix milliseconds: queries in a text are asked for that moment. */
  at: number;
}

/** What a text comes to where its template fails begins so, with Prometheus's words behind it. */
const FAILURE = '<error expanding template';
const TIMEOUT_MS = 60_000;

export function isTemplate(text: string): boolean {
  return text.includes('{{');
}

/** Whether the template of a rendered text could not be filled in. */
export function failedToExpand(rendered: string): boolean {
  return rendered.startsWith(FAILURE);
}

interface Asked {
  text: string;
  given: TemplateCase;
  queries: Series[][];
}

export class Templates {
  readonly #program: PrometheusProgram;
  readonly #externalLabels: Readonly<Record<string, string>>;
  readonly #known = new Map<string, string>();
  readonly #asked = new Map<string, Asked>();
  #filling: Promise<void> = Promise.resolve();

  constructor(program: PrometheusProgram, externalLabels: Readonly<Record<string, string>>) {
    this.#program = program;
    this.#externalLabels = externalLabels;
  }

  /** Returns the texts of each case, filled in. @param url Prometheus that answers queries in texts. */
  async render(url: string, cases: readonly TemplateCase[]): Promise<string[][]> {
    await this.ask(url, cases);
    await this.fillIn();
    return cases.map((given) => this.read(given));
  }

  /** Takes down texts to fill in, with what the queries in them give. */
  async ask(url: string, cases: readonly TemplateCase[]): Promise<void> {
    for (const given of cases)
      for (const text of given.texts.filter(isTemplate)) {
        const key = keyFor(text, given);
        if (this.#known.has(key) || this.#asked.has(key)) continue;
        const queries = await Promise.all(
          templateQueries(text).map((query) => queryAt(url, query, given.at).catch(() => [])),
        );
        this.#asked.set(key, { text, given, queries });
      }
  }

  /** Fills in everything that was taken down: one call of promtool costs as much as hundreds of texts in it. */
  fillIn(): Promise<void> {
    this.#filling = this.#filling.then(async () => {
      const asked = [...this.#asked];
      if (asked.length === 0) return;
      const rendered = await this.#fillIn(asked.map(([, each]) => each));
      asked.forEach(([key], index) => {
        this.#known.set(key, rendered[index] ?? '');
        this.#asked.delete(key);
      });
    });
    return this.#filling;
  }

  /** Returns the texts of a case as they were filled in. */
  read(given: TemplateCase): string[] {
    return given.texts.map((text) =>
      isTemplate(text) ? (this.#known.get(keyFor(text, given)) ?? text) : text,
    );
  }

  async #fillIn(asked: readonly Asked[]): Promise<string[]> {
    const folder = await mkdtemp(join(tmpdir(), 'lab-templates-'));
    try {
      const series: { series: string; values: string }[] = [];
      const rules = asked.map(({ text, given, queries }, index) => {
        series.push(oneSample(`rehearsed_${index}`, given.labels, given.value));
        let number = 0;
        const own = text.replaceAll(/\bquery\s+(?:"(?:[^"\\]|\\.)*"|`[^`]*`)/g, () => {
          const name = `rehearsed_${index}_${number}`;
          for (const { labels, points } of queries[number] ?? [])
            series.push(oneSample(name, labels, points[0]?.[1] ?? Number.NaN));
          number += 1;
          return `query "${name}"`;
        });
        return { alert: `Rehearsed${index}`, expr: `rehearsed_${index}`, annotations: { text: own } };
      });
      const test = {
        rule_files: ['rules.yml'],
        evaluation_interval: '1m',
        tests: [
          {
            interval: '1m',
            external_labels: this.#externalLabels,
            input_series: series,
            alert_rule_test: rules.map(({ alert }) => ({
              eval_time: '0s',
              alertname: alert,
              exp_alerts: [],
            })),
          },
        ],
      };
      // JSON is YAML, too.
      await writeFile(join(folder, 'rules.yml'), JSON.stringify({ groups: [{ name: 'rehearsed', rules }] }));
      await writeFile(join(folder, 'test.yml'), JSON.stringify(test));
      const { promtool } = this.#program;
      // It expects that nothing fires, and tells of everything that does.
      const { stdout, stderr } = await execa(promtool, ['test', 'rules', 'test.yml'], {
        cwd: folder,
        timeout: TIMEOUT_MS,
        reject: false,
        stdin: 'ignore',
      });
      const said = renderedTexts(`${stdout}\n${stderr}`);
      return asked.map((_, index) => {
        const text = said.get(`Rehearsed${index}`);
        if (text === undefined)
          throw new Error(`promtool did not fill in a template: ${`${stdout}\n${stderr}`.slice(-800)}`);
        return text;
      });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

/** A text that does not speak of the value or the moment comes to the same for each of them. */
function keyFor(text: string, { labels, value, at }: TemplateCase): string {
  const queries = /\bquery\b/.test(text);
  const valued = queries || /\$value|\.Value|\btmpl\b/.test(text);
  return JSON.stringify([text, keyOf(labels), valued ? String(value) : '', queries ? at : 0]);
}

function oneSample(
  name: string,
  labels: Readonly<Record<string, string>>,
  value: number,
): { series: string; values: string } {
  const pairs = Object.entries(labels)
    .filter(([label]) => label !== '__name__')
    .map(([label, text]) => `${label}=${JSON.stringify(text)}`);
  const number = Number.isFinite(value) || Number.isNaN(value) ? String(value) : value > 0 ? 'Inf' : '-Inf';
  return { series: `${name}{${pairs.join(',')}}`, values: number };
}

/** Reads what promtool prints of each alert: its name from the labels, and its only annotation. */
export function renderedTexts(output: string): Map<string, string> {
  const texts = new Map<string, string>();
  let name: string | undefined;
  for (const line of output.split('\n')) {
    const trimmed = line.trim();
    if (trimmed.startsWith('Labels:{')) name = /alertname="(Rehearsed\d+)"/.exec(trimmed)?.[1];
    const text = /^Annotations:\{text="((?:[^"\\]|\\.)*)"\}/.exec(trimmed)?.[1];
    if (name === undefined || text === undefined) continue;
    texts.set(name, unescapeGo(text));
    name = undefined;
  }
  return texts;
}
