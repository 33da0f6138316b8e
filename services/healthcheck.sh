#!/usr/bin/env bash
# Container health check: the service's own word on its management listener, database included. Bash rather than Node,
# because a second Node every five seconds would need tens of megabytes within the container's memory limit.
set -euo pipefail
exec 3<>"/dev/tcp/127.0.0.1/${MANAGEMENT_PORT:-9464}"
printf 'GET /readyz HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n' >&3
answer=$(cat <&3)
case "$answer" in
  'HTTP/1.'?' 200 '*) exit 0 ;;
esac
echo "/readyz: $answer" >&2
exit 1
