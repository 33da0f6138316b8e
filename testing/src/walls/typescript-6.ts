/**
 * Preloaded into dependency-cruiser (`node --import`): gives it TypeScript 6 where it asks for `typescript`. TypeScript 7 has no
 * JavaScript API, and the cruiser's other parser, swc's, knows no `using`. The copy inside @ts-morph/common is taken, for a second
 * package `typescript` would put its own `tsc` in the way of ours. Owns nothing else; goes when TypeScript 7 has an API.
 */
import { createRequire, registerHooks } from 'node:module';

const TYPESCRIPT_6 = '@ts-morph/common/dist/typescript.js';
const { version } = createRequire(import.meta.url)(TYPESCRIPT_6) as { version: string };

registerHooks({
  resolve: (specifier, context, next) => next(specifier === 'typescript' ? TYPESCRIPT_6 : specifier, context),
  load: (url, context, next) =>
    // The cruiser asks for the version before it takes the module.
    url.endsWith('/node_modules/typescript/package.json')
      ? { format: 'json', source: JSON.stringify({ version }), shortCircuit: true }
      : next(url, context),
});
