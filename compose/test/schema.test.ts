import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { composeText, ROOT } from '../src/index.ts';

it('compose.yaml is valid by the published Compose schema', () => {
  const schema = JSON.parse(
    readFileSync(join(ROOT, 'node_modules/dclint/schemas/compose.schema.json'), 'utf8'),
  ) as Record<string, unknown>;
  // The schema names its dialect by https, and formats that only documentation reads.
  const { $schema: _dialect, $id: _id, ...rules } = schema;
  const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(rules);
  validate(parse(composeText(), { merge: true }));
  expect(validate.errors ?? []).toEqual([]);
});
