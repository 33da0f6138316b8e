/** Asks for every route that the API documents, without a session. */
import { z } from 'zod';

/** What a stranger may do: sign up, sign in, sign out of nothing, and read what the API is. */
const PUBLIC = ['POST /users', 'POST /users/login', 'POST /users/logout', 'GET /openapi.json'];

const documented = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });

/** @returns how many routes were tried, and those that answered otherwise than 401. */
export async function refusals(
  web: string,
  signal: AbortSignal,
): Promise<{ tried: number; answered: string[] }> {
  const api = `${web}/api/v1`;
  const { paths } = documented.parse(await (await fetch(`${api}/openapi.json`, { signal })).json());
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods)
      .filter((method) => /^(get|post|put|patch|delete)$/.test(method))
      .map((method) => [method.toUpperCase(), path.replace(/^\/api\/v1/, '')] as const),
  );
  const closed = routes.filter(([method, path]) => !PUBLIC.includes(`${method} ${path}`));
  const answered: string[] = [];
  for (const [method, path] of closed) {
    const url = `${api}${path.replaceAll(/\{[^}]+\}/g, '00000000-0000-7000-8000-000000000000')}`;
    const headers = {
      'x-requested-with': 'taskmanager',
      'content-type': 'application/json',
      'if-match': '"1"',
    };
    const body = method === 'GET' || method === 'DELETE' ? null : '{}';
    const { status } = await fetch(url, { method, headers, body, signal });
    if (status !== 401) answered.push(`${method} ${path}: ${status}`);
  }
  if (closed.length === 0) throw new Error(`${api}/openapi.json documents no route that needs a session`);
  return { tried: closed.length, answered };
}
