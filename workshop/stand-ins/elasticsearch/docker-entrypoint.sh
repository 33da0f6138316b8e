#!/usr/bin/env bash
# As the official image does: environment variables with a dot in their name are settings.
set -euo pipefail
settings=()
while IFS='=' read -r -d '' name value; do
  case "$name" in *.*) settings+=("-E$name=$value") ;; esac
done < <(env -0)
exec /usr/share/elasticsearch/bin/elasticsearch -Enetwork.host=0.0.0.0 "${settings[@]}"
