import type * as cog from '@grafana/grafana-foundation-sdk/cog';
import type * as sdk from '@grafana/grafana-foundation-sdk/dashboard';
import { type CommonBuilder, common, type Panel, type PanelOptions } from './panel.ts';
import { PROMETHEUS, type Shape, target } from './query.ts';

interface PrometheusBuilder extends CommonBuilder {
  targets(targets: cog.Builder<cog.Dataquery>[]): this;
}

/** How one kind of panel differs from the others. */
export interface Kind<B> {
  /** Of the answers that it draws. */
  shape: Shape;
  /** Columns of 24 and rows, where the panel does not say. */
  width?: number;
  height?: number;
  /** The kind's own builder, one for each panel. */
  builder(): B;
  /** What only this kind sets. */
  finish(panel: B): cog.Builder<sdk.Panel>;
}

/** A panel that asks Prometheus. */
export function prometheusPanel<B extends PrometheusBuilder>(
  title: string,
  options: PanelOptions,
  kind: Kind<B>,
): Panel {
  const { shows, normal, act, queries, width = kind.width ?? 12, height = kind.height ?? 8 } = options;
  return {
    title,
    about: { shows, normal, act },
    queries,
    width,
    height,
    build: (id, place) =>
      kind.finish(
        common(kind.builder(), { id, place, title, options })
          .datasource(PROMETHEUS)
          .targets(queries.map((query, index) => target(query, index, kind.shape))),
      ),
  };
}
