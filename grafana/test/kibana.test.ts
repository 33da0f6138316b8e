import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../src/generate.ts';
import { kibanaImport, kibanaObjects } from '../src/kibana/saved-objects.ts';

const objects = kibanaObjects();
const byId = new Map(objects.map((object) => [object.id, object]));
const dataView = JSON.parse(readFileSync(join(ROOT, 'kibana/data-view.json'), 'utf8')).data_view as {
  id: string;
  fieldFormats: Record<string, { id: string; params?: Record<string, unknown> }>;
};
/** Field names as Elasticsearch is told them (elasticsearch/index-template.json). */
const fields = fieldsOf(
  JSON.parse(readFileSync(join(ROOT, 'elasticsearch/index-template.json'), 'utf8')).template.mappings
    .properties,
);

interface Mapping {
  type?: string;
  properties?: Record<string, Mapping>;
}

function fieldsOf(properties: Record<string, Mapping>, prefix = ''): Map<string, string> {
  return new Map(
    Object.entries(properties).flatMap(([name, { type, properties: inner }]): [string, string][] =>
      inner === undefined ? [[prefix + name, type ?? '']] : [...fieldsOf(inner, `${prefix}${name}.`)],
    ),
  );
}

test('there are saved searches, visualizations and the dashboard that shows them', () => {
  expect(objects.map(({ type, attributes }) => `${type} ${attributes['title']}`)).toEqual([
    'search Errors',
    'search Slow requests',
    'search One request’s story',
    'visualization Volume by level',
    'visualization Levels by service',
    'visualization Top errors',
    'visualization Slowest routes',
    'dashboard Task manager logs',
  ]);
});

test('the import is one JSON object a line, whatever is referred to ahead of it', () => {
  const seen = new Set([dataView.id]);
  for (const line of kibanaImport().trim().split('\n')) {
    const { id, references } = JSON.parse(line) as (typeof objects)[number];
    for (const reference of references)
      expect(seen, `${id} refers to ${reference.id}`).toContain(reference.id);
    seen.add(id);
  }
});

test('every panel of the dashboard is one of the objects, beside the others on the grid of 48', () => {
  const dashboard = byId.get('taskmanager-logs');
  const panels = JSON.parse(String(dashboard?.attributes['panelsJSON'])) as {
    type: string;
    panelIndex: string;
    panelRefName: string;
    gridData: { x: number; w: number };
  }[];
  for (const { type, panelIndex, panelRefName, gridData } of panels) {
    const reference = dashboard?.references.find(({ name }) => name === `${panelIndex}:${panelRefName}`);
    expect(byId.get(reference?.id ?? '')?.type).toBe(type);
    expect(gridData.x + gridData.w).toBeLessThanOrEqual(48);
  }
});

describe('fields', () => {
  const searched = objects.flatMap(({ attributes }) => {
    const { columns = [], visState = '{"aggs":[]}' } = attributes as {
      columns?: string[];
      visState?: string;
    };
    const { aggs } = JSON.parse(visState) as { aggs: { params: { field?: string } }[] };
    return [...columns, ...aggs.flatMap(({ params }) => params.field ?? [])];
  });
  test.each([...new Set([...searched, ...Object.keys(dataView.fieldFormats)])])(
    '%s is one that is indexed',
    (name) => {
      expect([...fields.keys()]).toContain(name);
    },
  );

  test('that are counted by their values are keywords, dates or numbers: text cannot be', () => {
    const counted = objects.flatMap(({ attributes }) => {
      const { aggs } = JSON.parse(String(attributes['visState'] ?? '{"aggs":[]}')) as {
        aggs: { params: { field?: string } }[];
      };
      return aggs.flatMap(({ params }) => params.field ?? []);
    });
    expect(counted.filter((name) => (fields.get(name) ?? '').includes('text'))).toEqual([]);
  });
});

test('a trace id leads to its trace in Jaeger, a duration reads as one', () => {
  expect(dataView.fieldFormats['trace.id']).toMatchObject({
    id: 'url',
    params: { urlTemplate: 'http://127.0.0.1:16686/trace/{{value}}' },
  });
  expect(dataView.fieldFormats['event.duration']).toMatchObject({
    id: 'duration',
    params: { inputFormat: 'nanoseconds' },
  });
});
