import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { imagesOf, isPinned, memoryTotals, ROOT, readCompose, startedByDefault } from '../src/index.ts';

it('publishes the limits and pins that compose.yaml has today', () => {
  const file = readFileSync(join(ROOT, 'docs/figures/full.json'), 'utf8');
  const { figures } = JSON.parse(file) as { figures: Record<string, number> };
  const compose = readCompose();
  const images = imagesOf(compose);
  const { all, withoutKibana } = memoryTotals(compose);
  expect(figures, 'run make test-compose').toMatchObject({
    services: startedByDefault(compose).length,
    limit_mb_total: all,
    limit_mb_without_kibana: withoutKibana,
    images_pinned: images.filter(isPinned).length,
    images_total: images.length,
  });
});
