#!/bin/bash
# The first process of the node's namespaces (mounts, processes, network). It keeps the node's programs running, and takes note of
# orphans that end. Once it ends, the kernel ends everything in the node and gives back every mount and the network.
# Usage: init.sh NODE_FOLDER MARK. The mark is only read from outside, to find this process.
set -eu
folder=$1

# The node has a /run and a /var/log of its own, whatever else runs on this machine.
mount --make-rshared /
mount --types tmpfs --options mode=755,nosuid,nodev tmpfs /run
mkdir -p /run/node /run/lock
mount --bind "$folder" /run/node
mount --bind /run/node/log /var/log
rm -f /run/node/api-ready

# Starts a program anew each time it ends. Its file holds one word of the command line a line.
keep() {
  local file=$1 name=${1##*/} command
  mapfile -t command <"$file"
  while :; do
    "${command[@]}" >>"/run/node/log/parts/$name.log" 2>&1 || true
    sleep 1
  done
}

for file in /run/node/parts/*; do keep "$file" & done
until [ -e /run/node/api-ready ]; do sleep 0.1; done
for file in /run/node/parts-after-api/*; do keep "$file" & done
while :; do wait; sleep 1; done
