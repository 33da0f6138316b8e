#!/usr/bin/env bash
# The data view of the services' logs, its fields' formats (a trace id leads to its trace), saved searches and a dashboard
# (saved-objects.ndjson, made by `npm run generate -w @lab/grafana`). Idempotent (override, overwrite); then stays, because
# `docker compose up --wait` takes a one-shot that nothing waits for as a failure.
set -euo pipefail
cd "$(dirname "$0")"

refuse() { # what was asked, status
  echo "Kibana refused $1 ($2): $(head -c 500 /tmp/answer)" >&2
  exit 1
}

request() { # method, path, file with the body
  local code
  code=$(curl -sS -o /tmp/answer -w '%{http_code}' -X "$1" "${KIBANA_URL}/$2" \
    -H 'kbn-xsrf: lab' -H 'content-type: application/json' --data-binary "@$3")
  [ "$code" -lt 300 ] || refuse "$1 $2" "$code"
  echo "$1 $2: $code"
}

# The import answers 200 even where it took only some of the objects; `success` says whether it took all.
import_objects() { # file
  local code
  code=$(curl -sS -o /tmp/answer -w '%{http_code}' "${KIBANA_URL}/api/saved_objects/_import?overwrite=true" \
    -H 'kbn-xsrf: lab' --form "file=@$1;type=application/ndjson")
  { [ "$code" -lt 300 ] && grep -q '"success":true' /tmp/answer; } || refuse "the import of $1" "$code"
  echo "imported $1: $(wc -l < "$1") objects"
}

# The address is settable; the browser that follows the link reaches it on this machine.
sed "s|http://127.0.0.1:16686|${TRACES_URL:-http://127.0.0.1:16686}|" data-view.json > /tmp/data-view.json

request POST api/data_views/data_view /tmp/data-view.json
request POST api/data_views/default default-data-view.json
request POST api/kibana/settings settings.json
import_objects saved-objects.ndjson
touch /tmp/done
exec sleep infinity
