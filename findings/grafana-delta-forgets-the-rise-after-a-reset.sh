#!/usr/bin/env bash
# Grafana's calculation "Delta" of a counter leaves out the first rise after each reset.
#
# A good guess: "Cumulative change in value", made for counters, sums up all rises; a fall is a restart, from which counting goes on.
# Seen: 10 → 15 → 3 → 5 → 6 rises by 5, 2 and 1, which is 8 (11 with the 3 that were counted since the restart, as PromQL's increase()
# has it). Grafana answers 6: it skips the step that falls, and the step after it as well. A counter that restarts at every second
# sample, 0 → 9 → 0 → 9 → 0 → 9, shows 9 instead of 27, and stays there however long it goes on.
#
# Versions: @grafana/data 12.4.10 and 13.2.3. Needs node and npm.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

npm init -y >/dev/null
npm install --legacy-peer-deps --no-fund --no-audit --loglevel=error --ignore-scripts \
  twelve@npm:@grafana/data@12.4.10 thirteen@npm:@grafana/data@13.2.3 react@19.3.1 react-dom@19.3.1 happy-dom@21.0.4 >/dev/null

cat >delta.cjs <<'JS'
const { Window } = require('happy-dom');
const window = new Window();
for (const name of ['window', 'document', 'localStorage', 'navigator'])
  globalThis[name] ??= name === 'window' ? window : window[name]; // Newer versions of Node have some of them.
const show = console.log;
for (const level of ['log', 'info']) console[level] = () => {}; // Its translations library greets.
for (const name of ['twelve', 'thirteen']) {
  const { reduceField } = require(name);
  const delta = (...values) => reduceField({ field: { name: 'x', type: 'number', config: {}, values }, reducers: ['delta'] }).delta;
  show(delta(10, 15, 3, 5, 6), delta(0, 9, 0, 9, 0, 9));
}
process.exit(0);
JS
seen=$(node delta.cjs)
echo "$seen"
[ "$seen" = $'6 9\n6 9' ] || { echo "changed: expected 6 9 of both versions" >&2; exit 1; }
