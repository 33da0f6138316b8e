import type uPlot from 'uplot';

/**
 * Charts of one name show each other's crosshair. Only the pointer's way is shared: shared clicks would zoom every chart at once,
 * each into an address of its own.
 */
export function crosshairSync(key: string): Pick<uPlot.Cursor, 'sync'> {
  if (key === '') return {};
  const moves = (type: string) => type === 'mousemove' || type === 'mouseleave';
  return { sync: { key, setSeries: false, scales: ['x', null], filters: { pub: moves } } };
}
