#!/usr/bin/env bash
# Regenerates docs/phase.md and its picture from the reference results, within seconds.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go build -o "$work/rearrange" ./cmd/rearrange

# A table, without its heading.
table() { "$work/rearrange" table "$1" results/reference/phase --format markdown 2>/dev/null | sed 1,2d; }

"$work/rearrange" plot heat-map results/reference/phase -o docs/phase.png 2>/dev/null

{
  cat <<'TEXT'
# Where it turns hard, and where infeasible

`docs/phase.sh` generates this page from the [reference results](../results/reference/README.md)
of the suite [phase](../experiments/suites/phase.yaml); only the text between the tables is
written by hand.

The suite fills four hosts of 4096 MiB, 280 of them reserved, to a given utilisation with VMs
of 384 MiB up to a given size, placed at random. In the target most VMs have changed places:
it is as full as the start, and it may or may not be reachable. There are 10 instances for
each of 12 utilisations and 13 sizes; A\* has 10,000 expansions for each. No instance was
looked at while the algorithms were developed (role `test`).

![Above, the share of instances with a path, by largest VM and utilisation: all of them at the lower left, none at the upper right, and a narrow band between. Below, the states expanded: most of them along that band.](phase.png)

TEXT
  table outcomes
  cat <<'TEXT'

- **Easy.** At the lower left nearly every instance has a path, and a handful of expansions
  find it: direct migrations and a few bypasses suffice.
- **Hard.** Along a band that falls from small VMs on fuller hosts to large VMs on emptier
  ones, some instances have a path and some have none. There the means grow by a factor of a
  hundred; nearly all instances that are open after 10,000 expansions lie in it.
- **Infeasible.** Above the band hosts are so full, or VMs so large, that hardly any VM can
  move, or that no host has room for one that must. Infeasible instances are easy again.

Many problems are hardest where having a solution turns from likely to unlikely: P. Cheeseman, B. Kanefsky and W. Taylor, Where the really hard problems are,
IJCAI 1991.

By utilisation:

TEXT
  table 'outcomes(group=param.utilisation)'
  cat <<'TEXT'

The utilisation is measured over all four hosts. Another [feature](../results/FORMAT.md) tells what
is feasible from what is not: the number of *locked* VMs, which no order of direct migrations
brings to their targets.

TEXT
  table 'outcomes(group=locked)'
} >docs/phase.md
