import type { RequestHandler } from 'express';
import { CSRF_HEADER } from '../contract/http.ts';
import { ProblemError } from '../problem-error.ts';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/**
 * Refuses changes that another site could have made a browser send: the custom header forces a CORS preflight,
 * which is never granted; `Sec-Fetch-Site` and `Origin`, where a browser sends them, must name our own origin.
 * @param publicOrigin as browsers see it; without it, the origin's host must be the one that was asked for.
 */
export function csrfDefence({ publicOrigin }: { publicOrigin?: string | undefined }): RequestHandler {
  return (request, _response, next) => {
    if (SAFE_METHODS.has(request.method)) return next();
    if (request.headers[CSRF_HEADER.name] !== CSRF_HEADER.value) {
      throw new ProblemError('forbidden', {
        detail: `Send the header ${CSRF_HEADER.name}: ${CSRF_HEADER.value} with ${request.method}`,
      });
    }
    const site = request.headers['sec-fetch-site'];
    // `none`: a person's own action, such as a bookmark, without another site's part in it.
    if (site !== undefined && site !== 'same-origin' && site !== 'none') {
      throw new ProblemError('forbidden', { detail: 'The browser says that another site sent this' });
    }
    const { origin } = request.headers;
    if (origin !== undefined && !isOwn(origin, publicOrigin, request.host)) {
      throw new ProblemError('forbidden', { detail: 'The header Origin names another site' });
    }
    next();
  };
}

function isOwn(origin: string, publicOrigin: string | undefined, host: string | undefined): boolean {
  if (publicOrigin !== undefined) return origin === publicOrigin;
  // `null` (sandboxed frames, data: URLs) and whatever else is no URL.
  if (!URL.canParse(origin)) return false;
  return host !== undefined && new URL(origin).host === host.toLowerCase();
}
