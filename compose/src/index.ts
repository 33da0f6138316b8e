/** compose.yaml as a document: its services, images and memory limits, for whoever derives something from them. */
export { imagesOf, isPinned } from './images.ts';
export { memoryTotals, startedByDefault } from './memory.ts';
export { ROOT, readCompose, withDefaults } from './read-compose.ts';
