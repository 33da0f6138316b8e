import type { IncomingHttpHeaders } from 'node:http';

/**
 * Returns false where the browser says that a page of another origin sent the request. Other programs say nothing.
 * @param host the host that the request was sent to.
 */
export function isSameOrigin(headers: IncomingHttpHeaders, host: string | undefined): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return false;
  const { origin } = headers;
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
}
