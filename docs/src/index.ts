/** The documents that are made from measurements and definitions: what the gallery needs to write its own page. */
export { withFigures } from './figure-tables.ts';
