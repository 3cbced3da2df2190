#!/usr/bin/env bash
# Regenerates docs/ganeti.md by the test that compares with hbal and hsqueeze (Debian: ganeti-htools),
# within two minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v hbal >/dev/null && command -v hsqueeze >/dev/null || { echo "hbal and hsqueeze are needed: apt-get install ganeti-htools" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go test -count 1 -tags soak -run SoakGaneti ./algorithms/targets -ganeti-tables "$work/tables"

{
  cat <<'TEXT'
# Compared with Ganeti's balancer

`docs/ganeti.sh` generates this page; only the text around the tables is written by hand. The clusters, the
options and what is compared stand in one [test](../algorithms/targets/ganeti_test.go), which CI runs.

TEXT
  echo "Ganeti balances clusters with \`hbal\` and closes nodes with \`hsqueeze\`. Here both (version $(hbal --version | sed -n 's/.*version //p' | head -n 1)) face the"
  cat <<'TEXT'
strategies `policy` and `defragment` on 18 random clusters: 6, 9 or 12 hosts of one size (`× 1`) or of two (`× 1/2`), 40, 60 or
80 % full. A host has 128 GiB and 128 vcpus or twice that, and reserves 4 of each; VMs have 4 to 32 of each. A fifth of them are in groups of three that
must stand apart. All storage is shared, so that every VM can migrate to every host. `rearrange export ganeti` writes the clusters, and what
the tools suggest is read back and judged under the same rules.

## Closing hosts

TEXT
  sed '/^$/,$d' "$work/tables"
  cat <<'TEXT'

`hsqueeze` takes the hosts with the fewest instances first, lets `hbal`'s algorithm empty them, and gives up those
that it cannot empty. It is asked for no spare room (`--target-resources=0 --minimal-resources=0`). If a node is full at the start, `hsqueeze` wants to open
nodes instead of closing some; then it is asked again after `hbal`, and the migrations of both count. `defragment` searches
with its fixed default effort.

## Balancing

TEXT
  sed '1,/^$/d' "$work/tables"
  cat <<'TEXT'

- **peak**: the highest load of a host, of memory or vcpus, whichever is higher.
- **score**: what `hbal` itself prints for the placement. Without local disks it is the sum of the standard deviations of the share of free
  memory and of the ratio of vcpus to CPUs, and four times that of the number of instances, since `hbal` assumes a load
  of 1 for each. That makes no sense for hosts of two sizes, so `hbal` is told to ignore it there (`--ignore-dynu`).
- **ours**: `policy` with the objective `lexicographic(of=[load(measure=peak), score])`: first the peak, then `hbal`'s score, written as a
  [sum of expressions](../cloud/FORMAT.md#objectives); then the RAM that moves.
- **thrifty**: `policy` with `hbal`'s score alone, moving no more RAM than `hbal` does (`max-cost`).

`hbal` looks one migration ahead and takes the one that lowers the score most. It neither minimises nor counts the RAM that moves, but a method that
only ever takes the best single migration makes few of them, and stops where only an exchange of VMs would help: on full
clusters soon. It is told to go on while anything is gained (`--min-gain=0`), where it would otherwise stop earlier. A lower peak and a better score take more migrations
than `hbal` makes, and up to fourteen times its RAM where it stops early. With no more RAM than `hbal` moves (*thrifty*), `policy` is better on most clusters with hosts of one size and
worse on most with two: its search spends the RAM less well there.

The clusters are small because `hbal` and `hsqueeze` try every instance on every node at each step: minutes for 60 nodes.
TEXT
} >docs/ganeti.md
