import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isPinned, ROOT, readCompose } from '../src/index.ts';

const recipes = globSync('{services,fluentd,jaeger}/Dockerfile', { cwd: ROOT });
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
/** Instructions with their continuation lines joined. */
const instructions = (file: string) =>
  read(file)
    .replace(/^\s*#.*\n/gm, '')
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '');

describe.each(recipes)('%s', (file) => {
  it('builds from a pinned image that an argument can replace', () => {
    const [, image = ''] = /^ARG [A-Z_]+_IMAGE=(\S+)$/m.exec(read(file)) ?? [];
    expect(image === 'node:24-bookworm-slim' || isPinned(image), image).toBe(true);
  });

  it('needs no frontend from a registry', () => {
    expect(read(file)).not.toMatch(/^#\s*syntax=/m);
  });

  it('ends as a user that is not root', () => {
    const users = instructions(file).filter((line) => line.startsWith('USER '));
    expect(users.at(-1)).toBeDefined();
    expect(users.at(-1)).not.toMatch(/^USER (root|0)\b/);
  });

  it('starts programs in exec form, so that they get their signals', () => {
    for (const line of instructions(file).filter((each) => /^(CMD|ENTRYPOINT)\b/.test(each)))
      expect(line).toMatch(/^(CMD|ENTRYPOINT) \[/);
  });

  it('installs gems and packages of exact versions only', () => {
    for (const [, rest] of read(file).matchAll(/gem install (\S+ .*)/g))
      expect(rest).toMatch(/^\S+ --version \d+\.\d+\.\d+ /);
    expect(read(file)).not.toMatch(/npm install (?!--no-save)/);
  });
});

it('builds every program of ours with the one recipe', () => {
  const { services } = readCompose();
  for (const name of ['web', 'api', 'worker', 'console']) {
    expect(services[name]?.build).toEqual({
      context: '.',
      dockerfile: 'services/Dockerfile',
      args: { SERVICE: name },
    });
    expect(existsSync(join(ROOT, 'services', name, 'package.json'))).toBe(true);
  }
});

it('shows npm every workspace, and .dockerignore lets each manifest through', () => {
  const { workspaces } = JSON.parse(read('package.json')) as { workspaces: string[] };
  const manifests = globSync(
    workspaces.map((workspace) => `${workspace}/package.json`),
    { cwd: ROOT },
  ).filter((file) => !file.startsWith('node_modules'));
  const recipe = read('services/Dockerfile');
  const ignore = read('.dockerignore').split('\n');
  for (const manifest of manifests) {
    expect(recipe).toContain(`COPY ${manifest} ${dirname(manifest)}/`);
    expect(ignore.includes(`!${manifest}`) || manifest.startsWith('services/'), manifest).toBe(true);
  }
});
