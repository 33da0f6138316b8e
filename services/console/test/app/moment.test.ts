import { describe, expect, it } from 'vitest';
import { dashboardSince, metricsOf } from '../../src/app/links/moment.ts';

const AT = '2026-11-22T18:00:00Z';
const ms = Date.parse(AT);

describe('from an alert to its dashboard', () => {
  it('shows what led to it, until now', () => {
    expect(dashboardSince('http://127.0.0.1:8000/dashboards/slo', AT)).toBe(
      `http://127.0.0.1:8000/dashboards/slo?from=${ms - 900_000}&to=now`,
    );
  });
  it('keeps what the address asks for already', () => {
    expect(dashboardSince('/dashboards/x?var-a=b', AT)).toBe(
      `/dashboards/x?var-a=b&from=${ms - 900_000}&to=now`,
    );
  });
  it('leaves the address alone where nobody knows since when', () => {
    expect(dashboardSince('/dashboards/x', 'some day')).toBe('/dashboards/x');
  });
});

describe('from a span to the metrics of its service', () => {
  it('narrows the API’s dashboard to the endpoint', () => {
    const span = { service: 'taskmanager-api', attributes: { 'http.route': '/api/v1/tasks/:id' } };
    expect(metricsOf(span, ms)).toBe(
      `/dashboards/application?var-route=%2Fapi%2Fv1%2Ftasks%2F%3Aid&from=${ms - 300_000}&to=${ms + 300_000}`,
    );
  });
  it.each([
    ['taskmanager-web', '/dashboards/frontend?'],
    ['taskmanager-worker', '/dashboards/worker?'],
    ['lab-console', '/dashboards/lab-health?'],
  ])('of %s leads to %s', (service, address) => {
    expect(metricsOf({ service, attributes: {} }, ms)).toContain(address);
  });
  it('of a service that is not the lab’s leads nowhere', () => {
    expect(metricsOf({ service: 'somebody-elses', attributes: {} }, ms)).toBeUndefined();
  });
});
