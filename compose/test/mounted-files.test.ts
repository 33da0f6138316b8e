import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { mountsOf, ROOT, readCompose } from '../src/index.ts';

const compose = readCompose();
/** Written at run time: `make env`. */
const GENERATED = ['./.lab/secrets/alertmanager'];
const binds = Object.entries(compose.services).flatMap(([name, service]) =>
  mountsOf(service)
    .filter(({ source }) => source.startsWith('.'))
    .map(({ source, target }) => ({ name, source, target })),
);

it.each(binds)('$name mounts $source, which exists', ({ source }) => {
  if (GENERATED.includes(source)) return;
  expect(existsSync(join(ROOT, source)), source).toBe(true);
});

it('mounts inside another mount only where the outer folder has that file or folder', () => {
  for (const inner of binds) {
    const outer = binds
      .filter(({ name, target }) => name === inner.name && inner.target.startsWith(`${target}/`))
      .sort((one, other) => other.target.length - one.target.length)[0];
    if (!outer || GENERATED.includes(inner.source)) continue;
    const place = join(ROOT, outer.source, inner.target.slice(outer.target.length));
    expect(existsSync(place), `${inner.target} of ${inner.name}`).toBe(true);
  }
});

describe('every mounted configuration parses', () => {
  const folders = [
    'elasticsearch',
    'kibana',
    'jaeger',
    'grafana/provisioning',
    'prometheus/targets',
    'blackbox-exporter',
    'alertmanager',
  ];
  const files = [
    'postgres/toxiproxy.json',
    ...folders.flatMap((folder) => globSync(`${folder}/**/*.{json,yaml,yml,ndjson}`, { cwd: ROOT })),
  ];

  it.each(files)('%s', (file) => {
    const text = readFileSync(join(ROOT, file), 'utf8');
    if (file.endsWith('.ndjson')) {
      for (const line of text.split('\n')) if (line !== '') JSON.parse(line);
    } else if (file.endsWith('.json')) JSON.parse(text);
    else expect(parseAllDocuments(text, { merge: true })).not.toHaveLength(0);
  });
});

it.each(globSync('{elasticsearch,kibana,postgres,services}/*.sh', { cwd: ROOT }))(
  '%s stops at the first error',
  (file) => {
    expect(readFileSync(join(ROOT, file), 'utf8')).toMatch(
      /^#!\/usr\/bin\/env bash\n[\s\S]*\nset -euo pipefail\n/,
    );
  },
);

it('scrapes only parts of compose.yaml, each on a port inside the network', () => {
  for (const file of globSync('prometheus/targets/{full,optional}/*.yml', { cwd: ROOT })) {
    const groups = parse(readFileSync(join(ROOT, file), 'utf8')) as { targets: string[] }[];
    for (const target of groups.flatMap(({ targets }) => targets)) {
      const host = target.replace(/^https?:\/\//, '').split(/[:/]/)[0] ?? '';
      expect(Object.keys(compose.services), `${file}: ${target}`).toContain(host);
    }
  }
});

it('probes with modules that the blackbox exporter has', () => {
  const { modules } = parse(readFileSync(join(ROOT, 'blackbox-exporter/blackbox.yml'), 'utf8')) as {
    modules: Record<string, unknown>;
  };
  const files = globSync('prometheus/targets/{full,optional}/probes/*.yml', { cwd: ROOT });
  const groups = files.flatMap(
    (file) => parse(readFileSync(join(ROOT, file), 'utf8')) as { labels: Record<string, string> }[],
  );
  const used = groups.map(({ labels }) => labels['__param_module']).filter((name) => name !== undefined);
  expect(used.length).toBeGreaterThan(5);
  for (const name of used) expect(Object.keys(modules)).toContain(name);
});

it('leaves the scripts that a container runs executable', () => {
  for (const file of ['elasticsearch/setup.sh', 'kibana/setup.sh', 'postgres/init.sh'])
    expect(statSync(join(ROOT, file)).mode & 0o111, file).not.toBe(0);
});
