/**
 * The kinds of series in a text exposition: `name{label,label}` once each, sorted, without values. What the fixtures in
 * `fixtures/series` hold, recorded from the real programs by
 * `curl -s localhost:9187/metrics | node prometheus/test/support/exposition.ts > prometheus/test/fixtures/series/NAME-VERSION.txt`.
 */
export function seriesKinds(exposition: string): string[] {
  const kinds = exposition
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, name = '', labels = ''] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?/.exec(line) ?? [];
      const names = [...labels.matchAll(/([a-zA-Z_]\w*)="(?:[^"\\]|\\.)*"/g)].map((match) => match[1]);
      return `${name}{${names.join(',')}}`;
    });
  return [...new Set(kinds)].sort();
}

if (import.meta.main) {
  const { text } = await import('node:stream/consumers');
  console.log(seriesKinds(await text(process.stdin)).join('\n'));
}
