import type { Traffic } from '../../contract/overview.ts';
import { formatValue } from '../format/units.ts';
import { Sparkline } from './Sparkline.tsx';

type Signal = 'traffic' | 'errors' | 'latency';

interface TileProps {
  signal: Signal;
  title: string;
  value: number | null;
  unit: string;
  decimals?: number;
  /** What a missing figure means; requests that did not come cannot have been slow. */
  missing: string;
  detail: string;
  history: readonly (number | null)[];
}

function Tile({ signal, title, value, unit, decimals, missing, detail, history }: TileProps) {
  const formatted = value === null ? undefined : formatValue(value, unit, decimals);
  return (
    <article className={`card tile tile-${signal}`}>
      <h3 className="row-s">{title}</h3>
      {formatted ? (
        <p className="tile-value">
          {formatted.text}
          <span className="tile-unit">{formatted.suffix}</span>
        </p>
      ) : (
        <p className="tile-missing">{missing}</p>
      )}
      <p className="tile-detail hint">{detail}</p>
      {history.length > 1 ? (
        <Sparkline values={history} label={`${title} over the last 30 minutes`} />
      ) : (
        <p className="tile-no-history hint">no history yet</p>
      )}
    </article>
  );
}

const quantile = (name: string, seconds: number | null) => {
  if (seconds === null) return `${name} –`;
  const { text, suffix } = formatValue(seconds, 's');
  return `${name} ${text}${suffix}`;
};

export function TrafficTiles({ traffic }: { traffic: Traffic }) {
  const { history } = traffic;
  const idle = traffic.requestsPerSecond === 0;
  return (
    <div className="tiles">
      <Tile
        signal="traffic"
        title="Request rate"
        value={traffic.requestsPerSecond}
        unit="reqps"
        {...(idle ? {} : { decimals: 1 })}
        missing="unknown"
        detail={idle ? 'no requests now' : 'answered per second'}
        history={history.map((point) => point.requestsPerSecond)}
      />
      <Tile
        signal="errors"
        title="Errors"
        value={traffic.errorRatio}
        unit="percentunit"
        decimals={2}
        missing="no requests"
        detail="answered with 5xx"
        history={history.map((point) => point.errorRatio)}
      />
      <Tile
        signal="latency"
        title="Latency, p95"
        value={traffic.p95Seconds}
        unit="s"
        missing="no requests"
        detail={`${quantile('p50', traffic.p50Seconds)} · ${quantile('p99', traffic.p99Seconds)}`}
        history={history.map((point) => point.p95Seconds)}
      />
    </div>
  );
}
