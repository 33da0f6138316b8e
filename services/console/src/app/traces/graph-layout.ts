/**
 * Where the service graph's boxes stand and its lines run: callers before callees, layer by layer; a call that skips a layer
 * gets a lane of its own past the boxes there. Small graphs, so simple means will do.
 */
import type { ServiceGraph } from '../../contract/traces.ts';

type Edge = Pick<ServiceGraph['edges'][number], 'caller' | 'callee'>;

interface Place {
  layer: number;
  /** Place within the layer, centred on 0. */
  offset: number;
}

/** Longest way from a node that nobody calls; calls that lead back to one on the way do not count. */
function layers(names: readonly string[], edges: readonly Edge[]): Map<string, number> {
  const callers = new Map<string, string[]>();
  for (const { caller, callee } of edges)
    if (caller !== callee) callers.set(callee, [...(callers.get(callee) ?? []), caller]);
  const found = new Map<string, number>();
  const visit = (name: string, path: ReadonlySet<string>): number => {
    const known = found.get(name);
    if (known !== undefined) return known;
    const further = new Set([...path, name]);
    const above = (callers.get(name) ?? []).filter((caller) => !further.has(caller));
    const layer = above.length === 0 ? 0 : 1 + Math.max(...above.map((caller) => visit(caller, further)));
    if (path.size === 0) found.set(name, layer);
    return layer;
  };
  for (const name of names) visit(name, new Set());
  return found;
}

export interface GraphLayout {
  places: ReadonlyMap<string, Place>;
  /** For each edge the names of the places that it passes, its ends included. */
  routes: readonly (readonly string[])[];
  layers: number;
  /** Places in the fullest layer. */
  widest: number;
}

/** Names of lanes start with a sign that no service's name holds. */
const LANE = '\u0000';

export function layoutGraph(names: readonly string[], edges: readonly Edge[]): GraphLayout {
  const layerOf = layers(names, edges);
  const members = new Map<number, string[]>();
  const join = (layer: number, name: string) => {
    members.set(layer, [...(members.get(layer) ?? []), name]);
  };
  for (const name of names) join(layerOf.get(name) ?? 0, name);
  const routes = edges.map(({ caller, callee }, index) => {
    const [from, to] = [layerOf.get(caller) ?? 0, layerOf.get(callee) ?? 0];
    const lanes = Array.from({ length: Math.max(0, to - from - 1) }, (_, step) => `${LANE}${index} ${step}`);
    for (const [step, lane] of lanes.entries()) join(from + step + 1, lane);
    return [caller, ...lanes, callee];
  });
  const before = new Map<string, string[]>();
  for (const route of routes)
    for (const [index, name] of route.entries()) {
      const previous = route[index - 1];
      if (previous !== undefined) before.set(name, [...(before.get(name) ?? []), previous]);
    }
  const places = new Map<string, Place>();
  let widest = 1;
  for (const [layer, inLayer] of [...members].sort(([a], [b]) => a - b)) {
    // Near the middle of what leads here, so that few lines cross; lanes give way to boxes.
    const pull = (name: string) => {
      const above = (before.get(name) ?? []).map((previous) => places.get(previous)?.offset ?? 0);
      return above.length === 0 ? 0 : above.reduce((sum, at) => sum + at, 0) / above.length;
    };
    const lane = (name: string) => Number(name.startsWith(LANE));
    const ordered = [...inLayer].sort((a, b) => pull(a) - pull(b) || lane(a) - lane(b) || a.localeCompare(b));
    widest = Math.max(widest, ordered.length);
    for (const [index, name] of ordered.entries())
      places.set(name, { layer, offset: index - (ordered.length - 1) / 2 });
  }
  return { places, routes, layers: members.size, widest };
}

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Picture {
  boxes: ReadonlyMap<string, Box>;
  width: number;
  height: number;
}

/** Pixels: boxes of one size, layers side by side (or, `downwards`, one below the other). */
export function placeBoxes(layout: GraphLayout, downwards: boolean): Picture {
  const size = { width: 172, height: 52 };
  const along = downwards ? size.height + 66 : size.width + 92;
  const across = downwards ? size.width + 12 : size.height + 46;
  const boxes = new Map(
    [...layout.places].map(([name, { layer, offset }]): [string, Box] => {
      const middle = (offset + (layout.widest - 1) / 2) * across;
      return [
        name,
        downwards ? { ...size, x: middle, y: layer * along } : { ...size, x: layer * along, y: middle },
      ];
    }),
  );
  const all = [...boxes.values()];
  return {
    boxes,
    width: Math.max(0, ...all.map(({ x, width }) => x + width)),
    height: Math.max(0, ...all.map(({ y, height }) => y + height)),
  };
}

interface Point {
  x: number;
  y: number;
}

/** A smooth line from box to box through its lanes, and where its label stands: in the middle of its last part. */
export function edgeCurve(route: readonly Box[], downwards: boolean): { path: string; label: Point } {
  const middle = ({ x, y, width, height }: Box): Point => ({ x: x + width / 2, y: y + height / 2 });
  const points = route.map((box, index): Point => {
    const centre = middle(box);
    if (index === 0)
      return downwards ? { ...centre, y: box.y + box.height } : { ...centre, x: box.x + box.width };
    if (index === route.length - 1) return downwards ? { ...centre, y: box.y } : { ...centre, x: box.x };
    return centre;
  });
  const [start] = points;
  let path = start ? `M${start.x} ${start.y}` : '';
  let label = start ?? { x: 0, y: 0 };
  for (let index = 1; index < points.length; index += 1) {
    const [from, to] = [points[index - 1], points[index]];
    if (!from || !to) continue;
    const bend = (downwards ? to.y - from.y : to.x - from.x) / 2;
    path += downwards
      ? `C${from.x} ${from.y + bend} ${to.x} ${to.y - bend} ${to.x} ${to.y}`
      : `C${from.x + bend} ${from.y} ${to.x - bend} ${to.y} ${to.x} ${to.y}`;
    label = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
  }
  return { path, label };
}
