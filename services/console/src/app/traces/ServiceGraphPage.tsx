/** Who calls whom, how often, how slowly and with how many errors: from the spans themselves. */
import { Empty, PageHeader } from '@lab/ui-kit';
import { Link } from 'react-router';
import type { ServiceGraph } from '../../contract/traces.ts';
import { getJson } from '../api/http.ts';
import { useQuery } from '../api/use-query.ts';
import { latency } from '../format/duration.ts';
import { formatText } from '../format/units.ts';
import { FullModeNotice } from '../shell/FullModeNotice.tsx';
import { useLab } from '../shell/lab-context.ts';
import { TimeControls } from '../time/TimeControls.tsx';
import { useTimeRange } from '../time/use-time-range.ts';
import { Async } from '../ui/async.tsx';
import { useNarrow } from '../ui/use-narrow.ts';
import { edgeCurve, layoutGraph, placeBoxes } from './graph-layout.ts';
import { serviceColor } from './service-color.ts';
import './traces.css';

type Edge = ServiceGraph['edges'][number];
type Node = ServiceGraph['nodes'][number];

export function ServiceGraphPage() {
  const { lab } = useLab();
  const controls = useTimeRange({ from: 'now-1h', to: 'now' });
  const { resolved } = controls;
  const query = useQuery(
    'service graph',
    (signal) =>
      getJson<ServiceGraph>('/api/service-graph', signal, {
        from: Math.round(resolved.from),
        to: Math.round(resolved.to),
      }),
    { version: `${resolved.from} ${resolved.to}` },
  );
  if (lab?.features.traces === false) return <FullModeNotice what="Traces" feature="traces" />;
  return (
    <>
      <PageHeader title="Service graph" lead="Drawn from the spans of this time range.">
        <Link className="button" to="/traces">
          Traces
        </Link>
        <TimeControls controls={controls} />
      </PageHeader>
      <Async query={query} what="the service graph" lines={8}>
        {(graph) =>
          graph.nodes.length === 0 ? (
            <Empty title="No spans in this time range">Make some requests, or choose a longer range.</Empty>
          ) : (
            <div className="stack">
              <Picture graph={graph} seconds={(resolved.to - resolved.from) / 1000} />
              <EdgeTable edges={graph.edges} />
            </div>
          )
        }
      </Async>
    </>
  );
}

const share = (errors: number, calls: number) => (calls === 0 ? 0 : errors / calls);
const percent = (ratio: number) => formatText(ratio, 'percentunit', ratio > 0 && ratio < 0.01 ? 2 : 1);

function Picture({ graph, seconds }: { graph: ServiceGraph; seconds: number }) {
  const narrow = useNarrow();
  const { nodes, edges } = graph;
  const layout = layoutGraph(
    nodes.map(({ name }) => name),
    edges,
  );
  const { boxes, width, height } = placeBoxes(layout, narrow);
  const most = Math.max(1, ...edges.map(({ calls }) => calls));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className="card graph" aria-label="Graph" tabIndex={0}>
      <svg
        viewBox={`-12 -14 ${width + 24} ${height + 28}`}
        style={{ width: `${width + 24}px`, minWidth: `${Math.min(width + 24, 0.74 * width)}px` }}
      >
        <title>{`${nodes.length} services and ${edges.length} connections; the table below says the same`}</title>
        <defs>
          <marker
            id="arrow"
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="8"
            markerHeight="8"
            orient="auto-start-reverse"
            markerUnits="userSpaceOnUse"
          >
            <path className="graph-arrow" d="M0 0 8 4 0 8Z" />
          </marker>
        </defs>
        {edges.map((edge, index) => {
          const route = (layout.routes[index] ?? []).flatMap((name) => boxes.get(name) ?? []);
          if (route.length < 2 || edge.caller === edge.callee) return null;
          const { path, label } = edgeCurve(route, narrow);
          const words = narrow
            ? ({ x: label.x + 7, textAnchor: 'start' } as const)
            : ({ x: label.x, textAnchor: 'middle' } as const);
          return (
            <g
              key={`${edge.caller} ${edge.callee} ${edge.type}`}
              className="graph-edge"
              data-type={edge.type}
            >
              <path
                d={path}
                markerEnd="url(#arrow)"
                data-error={share(edge.errors, edge.calls) > 0.01}
                style={{ strokeWidth: 1 + 2.5 * Math.sqrt(edge.calls / most) }}
              />
              <text {...words} y={label.y - (narrow ? 3 : 7)}>
                {formatText(edge.calls / seconds, 'reqps').replace(' req/s', '/s')}
              </text>
              <text {...words} y={label.y + (narrow ? 12 : 15)} className="graph-latency">
                p95 {latency(edge.p95Ms / 1000)}
              </text>
            </g>
          );
        })}
        {nodes.map((node) => {
          const box = boxes.get(node.name);
          if (!box) return null;
          const drawn = <NodeBox node={node} width={box.width} height={box.height} />;
          return (
            <g
              key={node.name}
              className="graph-node"
              data-database={node.type === 'database'}
              transform={`translate(${box.x} ${box.y})`}
            >
              {node.type === 'service' ? (
                <Link to={`/traces?service=${encodeURIComponent(node.name)}`}>{drawn}</Link>
              ) : (
                drawn
              )}
            </g>
          );
        })}
      </svg>
    </section>
  );
}

function NodeBox({ node, width, height }: { node: Node; width: number; height: number }) {
  const ratio = share(node.errors, node.calls);
  return (
    <>
      <rect width={width} height={height} rx={node.type === 'database' ? 20 : 6} />
      <rect
        className="graph-stripe"
        x="8"
        y="12"
        width="4"
        height={height - 24}
        rx="2"
        style={{ fill: serviceColor(node.name) }}
      />
      <text x="20" y="22" className="graph-name">
        {node.name.length > 19 ? `${node.name.slice(0, 18)}…` : node.name}
      </text>
      <text x="20" y="40" className={ratio > 0.01 ? 'graph-facts graph-bad' : 'graph-facts'}>
        {node.calls === 0
          ? 'calls others'
          : `${formatText(node.calls, 'short')} calls, ${ratio === 0 ? 'no errors' : `${percent(ratio)} errors`}`}
      </text>
    </>
  );
}

function EdgeTable({ edges }: { edges: readonly Edge[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className="card scroll-x" aria-label="Connections" tabIndex={0}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col">To</th>
            <th scope="col">By</th>
            {['Calls', 'Errors', 'p50', 'p95'].map((name) => (
              <th key={name} scope="col" className="num">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {edges.map((edge) => (
            <tr key={`${edge.caller} ${edge.callee} ${edge.type}`}>
              <td>
                <Link to={`/traces?service=${encodeURIComponent(edge.caller)}`}>{edge.caller}</Link>
              </td>
              <td>
                {edge.type === 'database' ? (
                  edge.callee
                ) : (
                  <Link to={`/traces?service=${encodeURIComponent(edge.callee)}`}>{edge.callee}</Link>
                )}
              </td>
              <td className="muted">{edge.type}</td>
              <td className="num">{formatText(edge.calls, 'short')}</td>
              <td className={edge.errors > 0 ? 'num text-errors' : 'num'}>
                {percent(share(edge.errors, edge.calls))}
              </td>
              <td className="num">{latency(edge.p50Ms / 1000)}</td>
              <td className="num text-latency">{latency(edge.p95Ms / 1000)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
