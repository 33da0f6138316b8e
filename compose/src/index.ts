/**
 * Reads compose.yaml, the one description of what runs, and answers what other ways of running, rules, console and documents ask of
 * it. It starts nothing and writes nothing; the drivers (lab), the rules (prometheus) and the documents (docs) do.
 */
export {
  type ComposeService,
  composeText,
  mountsOf,
  ROOT,
  readCompose,
} from './compose-file.ts';
export { ManifestError } from './failure.ts';
export { imagesOf, isPinned } from './images.ts';
export { interpolate, withDefaults } from './interpolate.ts';
export { localAddress, localProcess } from './local-process.ts';
export {
  type Manifest,
  manifestOf,
  type Part,
  type PortOfPart,
  type Probe,
  readManifest,
} from './manifest.ts';
export { belongsToKibana, mebibytes, memoryTotals, startedByDefault } from './memory.ts';
