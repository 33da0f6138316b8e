/** Builds the pages of web and console, once for everything that the test run starts, labs in copies of the checkout included. */
import { join } from 'node:path';
import { buildInterfaces } from '@lab/cli';

await buildInterfaces({ root: join(import.meta.dirname, '..', '..', '..'), progress: console.log });
