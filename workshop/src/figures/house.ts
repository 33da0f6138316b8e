/** Counts how easily the code is carried on, in its own files: lines, files that know too much, imports through a wall. */
import { posix } from 'node:path';

/** Text by path from the checkout's root: every file that git tracks. */
export type Files = ReadonlyMap<string, string>;

const TEST = /(^|\/)(test|tests|e2e|fixtures)\/|^testing\//;
/** The places where a mode may be named: each driver, and the settings that choose one. */
const KNOWS_MODES = /^lab\/src\/(stack\/(lite|full)|settings)\//;
/** Where Jaeger may be named: folders of its own and its adapter, rules, documents, what is generated, and this count of it. */
const KNOWS_JAEGER =
  /^(workshop\/stand-ins\/)?jaeger\/|\/jaeger[^/]*\.ts$|^prometheus\/(rules|targets)\/|^prometheus\/(alerts\.yaml|parts\.json)$|^docs\/|\.md$|^grafana\/dashboards\/|^\.env\.example$|^package-lock\.json$|^workshop\/src\/figures\/house\.ts$/;

export function houseFigures(files: Files): Record<string, number> {
  const product = [...files].filter(([path]) => !TEST.test(path));
  const source = product.filter(([path]) => /\.tsx?$/.test(path));
  return {
    product_lines: sum(
      product.filter(([path]) => /\.(tsx?|css)$/.test(path)).map(([, text]) => text.split('\n').length - 1),
    ),
    files_naming_mode: source.filter(([path, text]) => !KNOWS_MODES.test(path) && /'(lite|full)'/.test(text))
      .length,
    files_naming_jaeger: product.filter(([path, text]) => !KNOWS_JAEGER.test(path) && /jaeger/i.test(text))
      .length,
    deep_imports: deepImports(files).length,
  };
}

/** Imports that reach into another workspace other than by its name and what it exports, as `file: specifier`. */
export function deepImports(files: Files): string[] {
  const faces = facesOf(files);
  return [...files].flatMap(([path, text]) => {
    if (!/\.(tsx?|mjs)$/.test(path)) return [];
    const deep = specifiersIn(text).filter((specifier) =>
      specifier.startsWith('.')
        ? workspaceOf(posix.join(posix.dirname(path), specifier)) !== workspaceOf(path)
        : outsideTheFace(specifier, faces),
    );
    return deep.map((specifier) => `${path}: ${specifier}`);
  });
}

/** Returns what a workspace's package exports (`.`, `./load`), by its name. */
function facesOf(files: Files): Map<string, string[]> {
  const manifests = [...files].filter(([path]) => /^(services\/)?[^/]+\/package\.json$/.test(path));
  return new Map(
    manifests.map(([, text]) => {
      const { name, exports = {} } = JSON.parse(text) as { name: string; exports?: string | object };
      return [name, typeof exports === 'string' ? ['.'] : Object.keys(exports)];
    }),
  );
}

function outsideTheFace(specifier: string, faces: Map<string, string[]>): boolean {
  const name = /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? '';
  return faces.get(name)?.includes(`.${specifier.slice(name.length)}`) === false;
}

function specifiersIn(text: string): string[] {
  // A statement begins a line, so that code which a test holds as text does not count; a type's import() stands anywhere.
  const found = text.matchAll(
    /(?:^(?:import|export)\b[^;'"]*?\bfrom\s*|^import\s*|\bimport\(\s*)(['"])([^'"\n]+)\1/gm,
  );
  return [...found].map(([, , specifier = '']) => specifier);
}

/** `services/api`, `lab`, or '' for a file at the root. */
function workspaceOf(path: string): string {
  return /^((services\/)?[^/]+)\//.exec(path)?.[1] ?? '';
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
