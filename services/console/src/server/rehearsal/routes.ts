/** What the last `make rehearse` found: a page that it wrote, served as it lies there, without any right. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Router } from 'express';
import type { RehearsalState } from '../../contract/rehearsal.ts';
import { HttpProblem } from '../http/problem.ts';

const MAX_BYTES = 32 * 1024 * 1024;

/** The page comes from a file: it may style itself, and can neither run, fetch, send nor be framed. */
const POLICY =
  "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const NONE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Rehearsal</title>
<style>:root { color-scheme: light dark; } body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; }</style>
<h1>No rehearsal yet</h1>
<p><code>make rehearse</code> plays the rules as they are edited against recorded incidents; what it finds appears here.</p>
<p>A console in a container does not see the checkout: open <code>reports/rehearsal/report.html</code> there.</p>
</html>
`;

/** @param folder holds `report.html`. */
export function rehearsalRoutes(folder: string): Router {
  const router = Router();
  const file = join(folder, 'report.html');
  const found = async () => {
    const entry = await stat(file).catch(() => undefined);
    return entry?.isFile() ? entry : undefined;
  };
  router.get('/api/rehearsal', async (_request, response) => {
    const at = (await found())?.mtime.toISOString() ?? null;
    response.json({ at } satisfies RehearsalState);
  });
  router.get('/rehearsal', async (_request, response) => {
    const entry = await found();
    if (entry && entry.size > MAX_BYTES)
      throw new HttpProblem(500, `${file}: expected at most ${MAX_BYTES} bytes, found ${entry.size}`);
    response
      .status(entry ? 200 : 404)
      .set({ 'Content-Security-Policy': POLICY, 'Cache-Control': 'no-store' })
      .type('html')
      .send(entry ? await readFile(file) : NONE);
  });
  return router;
}
