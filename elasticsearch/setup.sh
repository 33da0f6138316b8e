#!/usr/bin/env bash
# Index template and retention of the services' logs. Idempotent; run before Fluentd starts, because the first line
# indexed without the template would make a data stream of guessed types.
set -euo pipefail
cd "$(dirname "$0")"

put() { # path, file with the body
  local code
  code=$(curl -sS --max-time 20 -o /tmp/answer -w '%{http_code}' -X PUT "${ELASTICSEARCH_URL}/$1" \
    -H 'content-type: application/json' --data-binary "@$2")
  if [ "$code" -ge 300 ] || [ "$code" -lt 200 ]; then
    echo "Elasticsearch refused PUT $1 ($code): $(head -c 500 /tmp/answer)" >&2
    exit 1
  fi
  echo "PUT $1: $code"
}

# A day of lines lies in an index of its own and is deleted whole, seven days after its last line.
put _ilm/policy/logs-taskmanager lifecycle-policy.json
put _index_template/logs-taskmanager index-template.json
