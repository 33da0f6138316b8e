import { AnnotationQueryBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { COLOR } from './colors.ts';
import { PROMETHEUS } from './query.ts';
import { experiment, load, type Until } from './until.ts';

/** Something that happened, marked over every graph of a dashboard. */
export interface Annotation {
  name: string;
  promql: string;
  color: string;
  title: string;
  text?: string;
  /** The value is the moment, in milliseconds. */
  valueIsTime?: boolean;
  until?: Until;
}

/**
 * While alerts fire. @param matchers more than `alertstate`, to keep to what the dashboard is about.
 * @param firedBy an experiment that makes one of them fire.
 */
export function alertsFiring(matchers = '', firedBy = 'api-errors'): Annotation {
  return {
    name: 'Alerts',
    promql: `ALERTS{alertstate="firing",alertname!="Watchdog"${matchers === '' ? '' : `,${matchers}`}}`,
    color: COLOR.errors,
    title: '{{alertname}}',
    text: '{{severity}}, {{service}}',
    until: experiment(firedBy),
  };
}

export const EXPERIMENTS: Annotation = {
  name: 'Experiments',
  promql: 'lab_experiment_active == 1',
  color: 'orange',
  title: 'Experiment {{experiment}}',
  until: experiment('control'),
};

export const LOAD_TESTS: Annotation = {
  name: 'Load tests',
  promql: 'sum(rate(k6_http_reqs_total[20s])) > 0',
  color: COLOR.traffic,
  title: 'Load test',
  until: load,
};

/** When a process of the lab's own services began: the moment itself, from the process. */
export const RESTARTS: Annotation = {
  name: 'Starts',
  promql: 'process_start_time_seconds{job=~"taskmanager-.+|lab-console"} * 1000',
  color: COLOR.p99,
  title: '{{job}} started',
  text: '{{instance}}',
  valueIsTime: true,
};

export function annotationQuery({
  name,
  promql,
  color,
  title,
  text,
  valueIsTime,
}: Annotation): AnnotationQueryBuilder {
  const builder = new AnnotationQueryBuilder()
    .name(name)
    .datasource(PROMETHEUS)
    .enable(true)
    .iconColor(color)
    .expr(promql)
    .step('5s')
    .titleFormat(title)
    .textFormat(text ?? '');
  if (valueIsTime) builder.useValueForTime(true);
  return builder;
}
