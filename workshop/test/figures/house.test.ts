import { expect, test } from 'vitest';
import { deepImports, houseFigures } from '../../src/figures/house.ts';

const MANIFESTS = [
  [
    'lab/package.json',
    JSON.stringify({ name: '@lab/cli', exports: { '.': './src/index.ts', './load': '' } }),
  ],
  ['services/api/package.json', JSON.stringify({ name: 'taskmanager-api', exports: { './contract': '' } })],
] as const;
const counted = (...files: [path: string, text: string][]) => houseFigures(new Map([...MANIFESTS, ...files]));

test.each([
  ['a path into another workspace', 'grafana/src/a.ts', "import { x } from '../../lab/src/wait.ts';", 1],
  ['a path from one service into another', 'services/web/src/a.ts', "import x from '../../api/src/b.ts';", 1],
  ['a path from the root', 'a.config.ts', "export { x } from './testing/src/x.ts';", 1],
  ['a type in the middle of a line', 'docs/src/a.ts', "type X = import('../../lab/src/wait.ts').X;", 1],
  ['a name and what it does not export', 'docs/src/a.ts', "import { x } from '@lab/cli/src/wait.ts';", 1],
  ['the name alone of a package that exports only parts', 'lab/src/a.ts', "import 'taskmanager-api';", 1],
  ['the face of a package', 'workshop/src/a.ts', "import {\n  x,\n} from '@lab/cli';", 0],
  ['a second entrance', 'workshop/src/a.ts', "import { x } from '@lab/cli/load';", 0],
  ['a path inside the workspace', 'lab/src/a/b.ts', "import { x } from '../../test/x.ts';", 0],
  ['a package of others', 'lab/src/a.ts', "import { z } from 'zod/v4';", 0],
])('%s counts as so many deep imports', (_, path, text, expected) => {
  expect(deepImports(new Map([...MANIFESTS, [path, text]]))).toEqual(
    expected === 0 ? [] : [expect.stringMatching(new RegExp(`^${path}: `))],
  );
});

test('lines of TypeScript and CSS count, those of tests and of other files do not', () => {
  const three = 'a\nb\nc\n';
  expect(
    counted(
      ['lab/src/a.ts', three],
      ['services/web/src/app/a.css', three],
      ['services/web/src/app/a.tsx', three],
      ['lab/test/a.test.ts', three],
      ['services/web/e2e/a.spec.ts', three],
      ['testing/src/a.ts', three],
      ['README.md', three],
    ),
  ).toMatchObject({ product_lines: 9 });
});

test('a mode is named in code outside drivers, settings and tests', () => {
  const names = "if (mode === 'lite') return;";
  expect(
    counted(
      ['lab/src/commands/a.ts', names],
      ['services/console/src/app/a.tsx', "const mode = 'full';"],
      ['lab/src/commands/b.ts', '// lite and full'],
      ['lab/src/stack/lite/a.ts', names],
      ['lab/src/settings/a.ts', names],
      ['lab/test/a.test.ts', names],
    ),
  ).toMatchObject({ files_naming_mode: 2 });
});

test('Jaeger is named in files of any kind outside its folder, adapter, rules, documents and tests', () => {
  expect(
    counted(
      ['compose.yaml', 'JAEGER_URL'],
      ['lab/src/doctor/a.ts', "'jaeger'"],
      ['lab/src/backends/jaeger-traces.ts', 'Jaeger'],
      ['jaeger/jaeger.yaml', 'jaeger'],
      ['workshop/stand-ins/jaeger/Dockerfile', 'jaeger'],
      ['prometheus/parts.json', 'jaeger'],
      ['prometheus/rules/parts.yml', 'JaegerDown'],
      ['prometheus/tests/parts.test.yml', 'JaegerDown'],
      ['docs/alerts.md', 'Jaeger'],
    ),
  ).toMatchObject({ files_naming_jaeger: 2 });
});
