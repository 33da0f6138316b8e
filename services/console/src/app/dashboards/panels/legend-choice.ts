/**
 * Which series are hidden after a click on one in the legend.
 * A plain click shows it alone, and once more shows all; with Ctrl (`toggle`) it alone changes.
 */
export function nextHidden(
  keys: readonly string[],
  hidden: ReadonlySet<string>,
  clicked: string,
  toggle: boolean,
): ReadonlySet<string> {
  const next = new Set(hidden);
  if (toggle) {
    if (!next.delete(clicked)) next.add(clicked);
    return next;
  }
  const alone = !hidden.has(clicked) && keys.every((key) => key === clicked || hidden.has(key));
  return alone || keys.length < 2 ? new Set() : new Set(keys.filter((key) => key !== clicked));
}
