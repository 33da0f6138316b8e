/** The built pages: files of `dist` as they lie there, and `index.html` for every other address (the app routes itself). */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { nameRoute } from '@lab/telemetry';
import express, { Router } from 'express';
import { HttpProblem } from '../http/problem.ts';

export const PAGE_ROUTE = '/';
export const ASSET_ROUTE = '/assets/*';
const A_YEAR = 31_536_000;

export function serveApp(folder: string): Router {
  const router = Router();
  const index = join(folder, 'index.html');
  router.use('/assets', (request, _response, next) => {
    nameRoute(request, ASSET_ROUTE);
    next();
  });
  // Vite names what lies in assets/ after its content.
  router.use(
    '/assets',
    express.static(join(folder, 'assets'), {
      index: false,
      redirect: false,
      immutable: true,
      maxAge: A_YEAR * 1000,
      dotfiles: 'ignore',
    }),
  );
  router.use(
    express.static(folder, { index: false, redirect: false, cacheControl: false, dotfiles: 'ignore' }),
  );
  router.use((request, response, next) => {
    const isPage =
      (request.method === 'GET' || request.method === 'HEAD') &&
      !/^\/(api|hooks|assets)(\/|$)/.test(request.path) &&
      request.accepts('html');
    if (!isPage) {
      next();
      return;
    }
    nameRoute(request, PAGE_ROUTE);
    if (!existsSync(index)) {
      throw new HttpProblem(503, 'the pages are not built; run: npm run build -w lab-console');
    }
    response.set('Cache-Control', 'no-cache').sendFile('index.html', { root: folder, cacheControl: false });
  });
  return router;
}
