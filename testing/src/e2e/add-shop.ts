/** Adds a service that is not ours to a copy of the checkout, as docs/adapting.md tells people to: its block, its folder, an experiment. */
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const SHOP = join(import.meta.dirname, '..', '..', 'fixtures', 'shop');

/** @param folder the copy's. */
export async function addShop(folder: string): Promise<void> {
  const file = join(folder, 'compose.yaml');
  const [compose, block] = [await readFile(file, 'utf8'), await readFile(join(SHOP, 'service.yaml'), 'utf8')];
  // It becomes the last service: the networks follow.
  const parts = compose.split(/^(?=# ── Who can reach whom)/m);
  if (parts.length !== 2)
    throw new Error('compose.yaml: expected one heading `Who can reach whom` after the services');
  await writeFile(file, parts.join(`${block.replaceAll(/^(?=.)/gm, '  ')}\n`));
  for (const name of ['shop.py', 'Dockerfile'])
    await cp(join(SHOP, name), join(folder, 'services', 'shop', name));
  await cp(join(SHOP, 'shop-stopped.yaml'), join(folder, 'loadtests', 'chaos', 'shop-stopped.yaml'));
}
