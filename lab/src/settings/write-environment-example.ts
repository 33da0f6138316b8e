/** Writes .env.example: `npm run env-example -w lab`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, readManifest } from '@lab/manifest';
import { environmentExample } from './environment-example.ts';

writeFileSync(join(ROOT, '.env.example'), environmentExample(readManifest()));
