#!/usr/bin/env bash
# dependency-cruiser beside TypeScript 7: every rule holds, because no file is read, and the exit status is 0.
#
# A good guess: a checker that cannot parse the sources fails, at the latest where it cruises a folder of two files that need each other.
# Seen: with typescript 7.0.2 installed it prints "no dependency violations found (0 modules, 0 dependencies cruised)", a warning below it
# that sources were likely missed, and exits with 0; with typescript 6.0.3 the same command finds the circle and exits with 1.
# So the day a project moves to TypeScript 7 its walls in CI stand open, and the job stays green.
#
# Versions: dependency-cruiser 18.7.2, typescript 7.0.2 and 6.0.3, Node 24.21.0 from npm. Needs node and npm.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

npm init -y >/dev/null
npm pkg set type=module >/dev/null
npm install --no-fund --no-audit --loglevel=error node@24.21.0 dependency-cruiser@18.7.2 >/dev/null
mkdir src
echo "import { b } from './b.ts'; export const a: number = b;" >src/a.ts
echo "import { a } from './a.ts'; export const b: number = a;" >src/b.ts
cat >rules.mjs <<'JS'
export default {
  forbidden: [{ name: 'no-circle', severity: 'error', from: {}, to: { circular: true } }],
  options: { tsPreCompilationDeps: true, enhancedResolveOptions: { extensions: ['.ts', '.js'] } },
};
JS

cruise() { # version of typescript
  npm install --no-fund --no-audit --loglevel=error "typescript@$1" >/dev/null
  set +e
  node_modules/.bin/node node_modules/.bin/depcruise --config rules.mjs src >"$1.out" 2>&1
  status=$?
  set -e
  echo "typescript $1: exit $status, $(grep -o '([0-9]* modules\|[0-9]* modules' "$1.out" | tr -d '(' | head -n 1) cruised"
}
seen=$(cruise 7.0.2; cruise 6.0.3)
echo "$seen"
expected='typescript 7.0.2: exit 0, 0 modules cruised
typescript 6.0.3: exit 1, 2 modules cruised'
[ "$seen" = "$expected" ] || { printf 'changed: expected\n%s\n' "$expected" >&2; exit 1; }
