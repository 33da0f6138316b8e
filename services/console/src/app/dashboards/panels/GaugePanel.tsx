import { formatText } from '../../format/units.ts';
import { arcPath } from '../model/arc.ts';
import { flag } from '../model/read.ts';
import { type SingleValue, singleValues } from '../model/single-values.ts';
import { thresholdBands } from '../model/thresholds.ts';
import type { PanelBodyProps } from './props.ts';
import './values.css';
import { ValueLink } from './ValueLink.tsx';

export function GaugePanel({ panel, fields, title }: PanelBodyProps) {
  const values = singleValues(fields, panel.options);
  const rim = panel.options['showThresholdMarkers'] !== false;
  const ends = flag(panel.options['showThresholdLabels']);
  return (
    <ul className="gauges" aria-label={title}>
      {values.map((value, index) => (
        <Gauge
          // biome-ignore lint/suspicious/noArrayIndexKey: values of one name differ by place only
          key={`${value.label} ${index}`}
          value={value}
          rim={rim}
          ends={ends}
          named={values.length > 1}
        />
      ))}
    </ul>
  );
}

interface GaugeProps {
  value: SingleValue;
  rim: boolean;
  ends: boolean;
  named: boolean;
}

function Gauge({ value, rim, ends, named }: GaugeProps) {
  const { formatted, share, min, max, config } = value;
  const at = (position: number) => Math.min(1, Math.max(0, (position - min) / (max - min || 1)));
  return (
    <li className="gauge">
      <svg
        viewBox="0 0 200 142"
        role="img"
        aria-label={`${value.label}: ${formatted.text}${formatted.suffix}`}
      >
        <path className="gauge-track" d={arcPath(0, 1, 78)} />
        {share !== undefined && share > 0 && (
          <path className="gauge-fill" d={arcPath(0, share, 78)} style={{ stroke: value.color }} />
        )}
        {rim &&
          thresholdBands(config.thresholds, { min, max }).map(
            (band) =>
              at(band.to) > at(band.from) && (
                <path
                  key={band.from}
                  className="gauge-rim"
                  d={arcPath(at(band.from), at(band.to), 93)}
                  style={{ stroke: band.color }}
                />
              ),
          )}
        {ends && (
          <>
            <text className="gauge-end" x="30" y="141" textAnchor="middle">
              {formatText(min, config.unit)}
            </text>
            <text className="gauge-end" x="170" y="141" textAnchor="middle">
              {formatText(max, config.unit)}
            </text>
          </>
        )}
      </svg>
      <ValueLink value={value} className="gauge-value">
        {formatted.prefix}
        {formatted.text}
        <span className="stat-unit">{formatted.suffix}</span>
      </ValueLink>
      {named && <span className="gauge-name note truncate">{value.label}</span>}
    </li>
  );
}
