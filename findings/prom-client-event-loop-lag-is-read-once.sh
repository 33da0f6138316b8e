#!/usr/bin/env bash
# prom-client's nodejs_eventloop_lag_p99_seconds and its siblings belong to whoever scrapes first: each scrape empties their histogram.
#
# A good guess: a gauge may be read as often as one likes, so a pair of Prometheus servers (or a person with curl) sees the same.
# Seen: the event loop is blocked for 500 ms; the first reader sees a p99 of 0.5 s, the second, 100 ms later, one of 0.01 s.
# So in a high-availability pair each server sees only the lag since the *other's* last scrape: one fires, the other stays silent, and a
# dashboard that falls back to the second server has never had the spike. A look at /metrics by hand hides what an alert waits for.
#
# Ours: services/telemetry/src/metrics/event-loop-delay.ts exposes the same names, which any number of readers may read.
#
# Version: prom-client 15.1.3 (lib/metrics/eventLoopLag.js calls histogram.reset() in collect()). Needs node and npm.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

npm init -y >/dev/null
npm install --no-fund --no-audit --loglevel=error prom-client@15.1.3 >/dev/null

cat >lag.mjs <<'JS'
import { setTimeout as pause } from 'node:timers/promises';
import client from 'prom-client';
client.collectDefaultMetrics();
const scrape = async () => {
  const lines = (await client.register.metrics()).split('\n');
  return Number(lines.find((line) => line.startsWith('nodejs_eventloop_lag_p99_seconds '))?.split(' ')[1]);
};
await pause(200);
await scrape();
await pause(50);
for (const end = Date.now() + 500; Date.now() < end; );
await pause(100);
const first = await scrape();
await pause(100);
const second = await scrape();
console.log(`p99 in seconds: first reader ${first.toFixed(3)}, second reader ${second.toFixed(3)}`);
process.exit(first >= 0.4 && second < 0.2 ? 0 : 1);
JS
node lag.mjs || { echo "changed: expected the second reader not to see the lag of 500 ms" >&2; exit 1; }
