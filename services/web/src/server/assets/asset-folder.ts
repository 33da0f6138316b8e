/** The built app, as it lies on disk at the start. A new release is a new process. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join, sep } from 'node:path';
import { ConfigError } from '@lab/kit';

export interface Asset {
  /** Path below the folder, such as `assets/index-B0rPu95u.js`. */
  file: string;
  contentType: string;
  /** The name carries a hash of the content, so the content never changes. */
  immutable: boolean;
  /** Encodings in which a copy lies beside it. */
  encodings: readonly Encoding[];
}

export interface AssetFolder {
  path: string;
  indexHtml: string;
  /** By URL path, such as `/assets/index-B0rPu95u.js`. */
  assets: ReadonlyMap<string, Asset>;
}

/** In the order of preference, with the suffix of the file name. */
export const ENCODINGS = { br: '.br', gzip: '.gz' } as const;
export type Encoding = keyof typeof ENCODINGS;

const CONTENT_TYPES: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.map': 'application/json',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};
const HASHED = /^assets\/.+-[\w-]{8}\.\w+(\.map)?$/;

/** @throws ConfigError saying how to build the app where it is not built. */
export function readAssetFolder(path: string): AssetFolder {
  const index = join(path, 'index.html');
  if (!existsSync(index)) {
    throw new ConfigError(
      `ASSETS_FOLDER: expected a folder with the built app, got ${path} without index.html; run: npm run build -w taskmanager-web`,
    );
  }
  const files = readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((file) =>
    statSync(join(path, file)).isFile(),
  );
  const names = new Set(files);
  const assets = new Map<string, Asset>();
  for (const file of files) {
    const contentType = CONTENT_TYPES[extname(file)];
    if (contentType === undefined) continue;
    const name = file.split(sep).join('/');
    const encodings = (Object.keys(ENCODINGS) as Encoding[]).filter((encoding) =>
      names.has(file + ENCODINGS[encoding]),
    );
    assets.set(`/${name}`, { file: name, contentType, immutable: HASHED.test(name), encodings });
  }
  return { path, indexHtml: readFileSync(index, 'utf8'), assets };
}
