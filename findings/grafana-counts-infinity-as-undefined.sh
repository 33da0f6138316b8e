#!/usr/bin/env bash
# Grafana writes an infinite value in a unit of counts (req/s, ops/s, msg/s, rows/m …) as "∞undefined req/s".
#
# A good guess: an infinite value, which PromQL answers whenever a sum is divided by zero, is written as ∞, with or without its unit.
# Seen: the formatter that shortens numbers returns no suffix for a value that is not finite, and the formatter of counts appends its
# unit to that missing suffix. A panel's own display processor passes it on, so a person reads "∞undefined req/s" in the panel.
# Bytes, percent and plain numbers write ∞ well; seconds write "∞ years". The same in 12.4 and 13.2.
#
# Versions: @grafana/data 12.4.10 and 13.2.3. Needs node and npm.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

npm init -y >/dev/null
npm install --legacy-peer-deps --no-fund --no-audit --loglevel=error --ignore-scripts \
  twelve@npm:@grafana/data@12.4.10 thirteen@npm:@grafana/data@13.2.3 react@19.3.1 react-dom@19.3.1 happy-dom@21.0.4 >/dev/null

cat >units.cjs <<'JS'
const { Window } = require('happy-dom');
const window = new Window();
for (const name of ['window', 'document', 'localStorage', 'navigator'])
  globalThis[name] ??= name === 'window' ? window : window[name]; // Newer versions of Node have some of them.
const show = console.log;
for (const level of ['log', 'info']) console[level] = () => {}; // Its translations library greets.
for (const name of ['twelve', 'thirteen']) {
  const { createTheme, formattedValueToString, getDisplayProcessor } = require(name);
  const write = (unit, value) =>
    formattedValueToString(getDisplayProcessor({ field: { type: 'number', config: { unit } }, theme: createTheme() })(value));
  show(['reqps', 'opm', 'bytes', 'percent', 's'].map((unit) => write(unit, Infinity)).join(' | '));
}
process.exit(0);
JS
seen=$(node units.cjs)
echo "$seen"
wanted="∞undefined req/s | ∞undefined ops/m | ∞ | ∞% | ∞ years"
[ "$seen" = "$wanted"$'\n'"$wanted" ] || { echo "changed: expected twice: $wanted" >&2; exit 1; }
