#!/usr/bin/env bash
# Data view of the services' logs and the fields an investigator wants as columns. Idempotent (override); then stays,
# because `docker compose up --wait` takes a one-shot that nothing waits for as a failure.
set -euo pipefail
cd "$(dirname "$0")"

request() { # method, path, file with the body
  local code
  code=$(curl -sS -o /tmp/answer -w '%{http_code}' -X "$1" "${KIBANA_URL}/$2" \
    -H 'kbn-xsrf: lab' -H 'content-type: application/json' --data-binary "@$3")
  if [ "$code" -ge 300 ]; then
    echo "Kibana refused $1 $2 ($code): $(head -c 500 /tmp/answer)" >&2
    exit 1
  fi
  echo "$1 $2: $code"
}

request POST api/data_views/data_view data-view.json
request POST api/data_views/default default-data-view.json
request POST api/kibana/settings settings.json
touch /tmp/done
exec sleep infinity
