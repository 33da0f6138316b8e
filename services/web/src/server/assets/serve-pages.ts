import { injectTraceHeaders, nameRoute } from '@lab/telemetry';
import type { RequestHandler } from 'express';
import { TRACE_META } from '../../shared/intake.ts';
import { OTHER_PAGE, pageOf } from '../../shared/pages.ts';
import { ROUTES } from '../routes.ts';

export interface PageOptions {
  indexHtml: string;
  /** Share of the traces begun in browsers that is recorded, 0 to 1. */
  sampleRatio: number;
}

/** Where the build leaves room for what only the server knows. */
const PLACE = '<!-- trace-context -->';
const TRACEPARENT = /^[0-9a-f-]{55}$/;

/**
 * Answers page addresses with the app, never stored, so that a new release is seen at the next visit. The page carries
 * the trace context of its own request, whose trace the browser goes on with. What is no page is still shown by the
 * app, but as 404.
 */
export function servePages({ indexHtml, sampleRatio }: PageOptions): RequestHandler {
  return (request, response, next) => {
    if ((request.method !== 'GET' && request.method !== 'HEAD') || !request.accepts('html')) {
      next();
      return;
    }
    const known = pageOf(request.path) !== OTHER_PAGE;
    if (known) nameRoute(request, ROUTES.pages);
    response
      .status(known ? 200 : 404)
      .set('Cache-Control', 'no-cache')
      .type('html')
      .send(indexHtml.replace(PLACE, () => traceMeta(sampleRatio)));
  };
}

function traceMeta(sampleRatio: number): string {
  const { traceparent } = injectTraceHeaders<{ traceparent?: string }>({});
  const ratio = `<meta name="${TRACE_META.sampleRatio}" content="${sampleRatio}" />`;
  if (traceparent === undefined || !TRACEPARENT.test(traceparent)) return ratio;
  return `<meta name="${TRACE_META.parent}" content="${traceparent}" />${ratio}`;
}
