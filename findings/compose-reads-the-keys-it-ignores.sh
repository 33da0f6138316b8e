#!/usr/bin/env bash
# Docker Compose ignores what stands below an `x-` key, but not its keys: a number among them refuses the whole file.
#
# A good guess: an extension is the user's own YAML, which Compose merges by anchors and otherwise leaves alone; a map from ports to texts
# (`{ 9464: metrics }`) is fine there, as it is for every YAML reader that the user's own tools have.
# Seen: `services.web.x-notes.ports: { 9464: metrics }` and the same at the top level end with "non-string key in …: 9464"; in quotes
# ("9464") both load. So a file that other tools read for months stops the day somebody runs Compose on it.
#
# Version: github.com/compose-spec/compose-go/v2 v2.16.2, the loader of Docker Compose (v2.9.0 does the same). Needs go.
set -euo pipefail
folder=$(mktemp -d)
trap 'chmod -R u+w "$folder"; rm -rf "$folder"' EXIT
cd "$folder"

cat >go.mod <<'MOD'
module probe

go 1.25

require github.com/compose-spec/compose-go/v2 v2.16.2
MOD
cat >main.go <<'GO'
package main

import (
	"context"
	"fmt"

	"github.com/compose-spec/compose-go/v2/cli"
)

func main() {
	for _, file := range []string{"quoted.yaml", "service.yaml", "top.yaml"} {
		options, err := cli.NewProjectOptions([]string{file}, cli.WithName("probe"))
		if err == nil {
			_, err = options.LoadProject(context.Background())
		}
		fmt.Printf("%s: %v\n", file, err)
	}
}
GO
printf 'services:\n  web:\n    image: web:1\n    x-notes:\n      ports: { "9464": metrics }\n' >quoted.yaml
printf 'services:\n  web:\n    image: web:1\n    x-notes:\n      ports: { 9464: metrics }\n' >service.yaml
printf 'x-notes: { 9464: metrics }\nservices:\n  web:\n    image: web:1\n' >top.yaml

go mod tidy >/dev/null 2>&1
seen=$(go run .)
echo "$seen"
expected='quoted.yaml: <nil>
service.yaml: non-string key in services.web.x-notes.ports: 9464
top.yaml: non-string key in x-notes: 9464'
[ "$seen" = "$expected" ] || { printf 'changed: expected\n%s\n' "$expected" >&2; exit 1; }
