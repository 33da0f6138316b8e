/** Puts routes on an Express router: session, login, body, handler, and 405 for the methods a path does not have. */
import { json, type RequestHandler, Router } from 'express';
import { MAX_BODY_BYTES } from '../contract/http.ts';
import { ProblemError } from '../problem-error.ts';
import type { Route } from './route.ts';
import { sessionOf } from './session.ts';

/** @param session the middleware that reads the session; only routes that need one pay for it. */
export function createRouter(routes: readonly Route[], session: RequestHandler): Router {
  const router = Router();
  for (const [path, onPath] of Map.groupBy(routes, ({ path }) => path)) {
    const mounted = router.route(path);
    for (const route of onPath) {
      mounted[route.method](
        ...(route.access === 'public' ? [] : [session]),
        ...(route.access === 'user' ? [requireLogin] : []),
        ...(route.body ? [requireJson, parseJson] : []),
        handlerOf(route),
      );
    }
    mounted.all(methodNotAllowed(onPath));
  }
  return router;
}

// Strict: a bare string or number is refused at its first character. Compressed bodies are not taken.
const parseJson = json({ limit: MAX_BODY_BYTES, inflate: false });

const requireLogin: RequestHandler = (request, _response, next) => {
  if (request.session.userId === undefined) throw new ProblemError('unauthenticated');
  next();
};

const requireJson: RequestHandler = (request, _response, next) => {
  // `null`: there is no body, which validation will complain about.
  if (request.is('application/json') === false) {
    throw new ProblemError('unsupported_media_type', { detail: 'Send Content-Type: application/json' });
  }
  next();
};

function handlerOf(route: Route): RequestHandler {
  return async (request, response) => {
    const reply = await route.run({
      params: request.params,
      query: request.query,
      body: request.body,
      session: sessionOf(request),
      address: request.ip ?? '',
      header: (name) => request.get(name),
    });
    response.status(reply.status);
    // Nothing of one account may lie in a cache for another; `no-cache` still allows revalidation by ETag.
    response.setHeader('cache-control', 'private, no-cache');
    for (const name in reply.headers) response.setHeader(name, reply.headers[name] ?? '');
    if (reply.body === undefined) response.end();
    else response.json(reply.body);
  };
}

function methodNotAllowed(onPath: readonly Route[]): RequestHandler {
  const methods = onPath.map(({ method }) => method.toUpperCase());
  const allow = [...(methods.includes('GET') ? ['HEAD'] : []), ...methods].sort().join(', ');
  return () => {
    throw new ProblemError('method_not_allowed', { detail: `Allowed: ${allow}`, headers: { allow } });
  };
}
