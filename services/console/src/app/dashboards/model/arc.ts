/** The gauge's arc: from lower left over the top to lower right, 220 degrees in a box of 200 by 142. */
const CENTRE = { x: 100, y: 100 };
const START_DEGREES = 200;
const SWEEP_DEGREES = 220;

function point(share: number, radius: number): string {
  const angle = ((START_DEGREES - share * SWEEP_DEGREES) * Math.PI) / 180;
  return `${(CENTRE.x + radius * Math.cos(angle)).toFixed(2)} ${(CENTRE.y - radius * Math.sin(angle)).toFixed(2)}`;
}

/** SVG path between two shares (0 to 1) of the arc. */
export function arcPath(from: number, to: number, radius: number): string {
  const large = (to - from) * SWEEP_DEGREES > 180 ? 1 : 0;
  return `M${point(from, radius)}A${radius} ${radius} 0 ${large} 1 ${point(to, radius)}`;
}
