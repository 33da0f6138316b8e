import type { IncomingMessage } from 'node:http';
import { UNMATCHED_ROUTE } from '../metric-definitions.ts';

/**
 * The mounted template of the route that a request took (`/api/v1/tasks/:id`): the only form in which a path becomes a label.
 *
 * Express restores `baseUrl` when a handler throws or calls `next()`, and puts real values where a router is mounted below a
 * parameter. So nothing is taken from the URL: the templates are collected from the router's own stack, and `request.route`,
 * which stays set, says which one was taken. A request that ended before routing (a body that is not JSON, a CSRF check) is matched
 * by Express's own matchers afterwards. Reads `router` 2 internals (`stack`, `route`, `rawPath`, `handle`, `match`); held by tests.
 */

type Pattern = string | RegExp;

interface Route {
  stack: unknown[];
  _handlesMethod(method: string): boolean;
}
interface Layer {
  route?: Route | undefined;
  rawPath?: Pattern | Pattern[];
  handle?: { stack?: Layer[] };
  name?: string;
  match(path: string): false | { path: string; pattern: Pattern };
}
export interface RouterLike {
  stack?: Layer[];
}
interface Found {
  template: string;
  route: Route;
}

/** What is read of a request. */
export interface RoutedRequest extends IncomingMessage {
  originalUrl?: string;
  route?: unknown;
}

/** Templates of routes that are mounted once and have one path: nearly all. */
const known = new WeakMap<object, string>();
/** Routers below routers; a cycle would be the application's mistake. */
const MAX_DEPTH = 12;

/** Never throws for a request Express could handle; `unmatched` where no route takes it. */
export function routeTemplate(request: RoutedRequest, router: RouterLike | undefined): string {
  const stack = router?.stack;
  if (stack === undefined) return UNMATCHED_ROUTE;
  const taken = request.route;
  if (typeof taken === 'object' && taken !== null) {
    const template = known.get(taken);
    if (template !== undefined) return template;
    return templateOf(taken as Route, stack, request) ?? UNMATCHED_ROUTE;
  }
  return (
    findMatching(stack, pathOf(request), '', methodOf(request), undefined, 0)?.template ?? UNMATCHED_ROUTE
  );
}

/** Every route of an application with its methods, for `declareRoutes`. */
export function listRoutes(app: { router: unknown }): { method: string; route: string }[] {
  const router = app.router as RouterLike;
  const found: { method: string; route: string }[] = [];
  visit(router.stack ?? [], '', 0, (route, templates) => {
    for (const method of methodsOf(route)) {
      for (const template of templates) found.push({ method, route: template });
    }
  });
  return found;
}

function templateOf(route: Route, stack: readonly Layer[], request: RoutedRequest): string | undefined {
  const templates: string[] = [];
  visit(stack, '', 0, (seen, its) => {
    if (seen === route) templates.push(...its);
  });
  if (templates.length === 1 && templates[0] !== undefined) {
    known.set(route, templates[0]);
    return templates[0];
  }
  // Mounted in several places, or with several paths: the matchers say which.
  const found = findMatching(stack, pathOf(request), '', undefined, route, 0);
  return found?.template ?? templates[0];
}

function visit(
  stack: readonly Layer[],
  prefix: string,
  depth: number,
  tell: (route: Route, templates: string[]) => void,
): void {
  if (depth > MAX_DEPTH) return;
  for (const layer of stack) {
    const templates = [layer.rawPath ?? ''].flat().map((pattern) => joined(prefix, pattern));
    if (layer.route !== undefined) tell(layer.route, templates);
    else if (layer.handle?.stack !== undefined) {
      for (const template of templates) visit(layer.handle.stack, template, depth + 1, tell);
    }
  }
}

/** What Express would do with `path`: the first route that takes it and the method, or the given route. */
function findMatching(
  stack: readonly Layer[],
  path: string,
  prefix: string,
  method: string | undefined,
  wanted: Route | undefined,
  depth: number,
): Found | undefined {
  if (depth > MAX_DEPTH) return undefined;
  for (const layer of stack) {
    const { route } = layer;
    const inner = layer.handle?.stack;
    if (route === undefined && inner === undefined) continue;
    const match = matching(layer, path);
    if (match === undefined) continue;
    const template = joined(prefix, match.pattern);
    if (route === undefined) {
      const rest = path.slice(match.path.length);
      const found = findMatching(
        inner ?? [],
        rest.startsWith('/') ? rest : `/${rest}`,
        template,
        method,
        wanted,
        depth + 1,
      );
      if (found !== undefined) return found;
    } else if (
      wanted === undefined ? method !== undefined && route._handlesMethod(method) : route === wanted
    ) {
      return { template, route };
    }
  }
  return undefined;
}

function matching(layer: Layer, path: string): { path: string; pattern: Pattern } | undefined {
  try {
    return layer.match(path) || undefined;
  } catch {
    // Percent-encoding that cannot be decoded: Express answers 400, no route took it.
    return undefined;
  }
}

/** Named wildcards become `*`, so that `/assets/*splat` reads as `/assets/*`; a trailing slash says nothing. */
function joined(prefix: string, pattern: Pattern): string {
  const own = typeof pattern === 'string' ? pattern.replaceAll(/\*[A-Za-z_$][\w$]*/g, '*') : String(pattern);
  if (own === '' || own === '/') return prefix === '' ? '/' : prefix;
  const path = `${prefix === '/' ? '' : prefix}${own.startsWith('/') ? '' : '/'}${own}`;
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

function methodsOf(route: Route): string[] {
  return ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((method) => route._handlesMethod(method));
}

function methodOf(request: RoutedRequest): string {
  return request.method ?? 'GET';
}

function pathOf(request: RoutedRequest): string {
  const url = request.originalUrl ?? request.url ?? '/';
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}
