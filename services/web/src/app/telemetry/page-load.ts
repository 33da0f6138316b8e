/** The loading of the page as one span, from the browser's own timings. */
import { pageOf } from '../../shared/pages.ts';
import type { Tracer } from './tracer.ts';

/** Milestones of the load that become events of the span. */
const MILESTONES = [
  'responseStart',
  'responseEnd',
  'domInteractive',
  'domContentLoadedEventEnd',
  'domComplete',
] as const;

/** Records the span once the `load` event is over (its timings are complete only then). */
export function tracePageLoad(tracer: Tracer): void {
  const record = () => setTimeout(() => recordPageLoad(tracer), 0);
  if (document.readyState === 'complete') record();
  else addEventListener('load', record, { once: true });
}

function recordPageLoad(tracer: Tracer): void {
  const [timing] = performance.getEntriesByType('navigation');
  if (!(timing instanceof PerformanceNavigationTiming)) return;
  const time = (offset: number) => performance.timeOrigin + offset;
  const template = pageOf(location.pathname);
  tracer.recordPage({
    name: `page load ${template}`,
    start: time(timing.startTime),
    end: time(timing.loadEventEnd || timing.duration),
    attributes: {
      'url.path': location.pathname,
      'url.template': template,
      'browser.navigation.type': timing.type,
      'http.response.body.size': timing.encodedBodySize,
    },
    events: MILESTONES.filter((name) => timing[name] > 0).map((name) => ({ name, time: time(timing[name]) })),
  });
}
