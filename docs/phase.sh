#!/usr/bin/env bash
# Makes docs/phase.md and its picture of the reference results, within seconds.
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

Made by `docs/phase.sh` of the [reference results](../results/reference/README.md) of the suite
[phase](../experiments/suites/phase.yaml); nothing here is typed by hand but the text between
the tables.

The suite makes four hosts of 4096 MiB, 280 of them reserved, and fills them to a given
utilisation with VMs of 384 MiB up to a given size, which stand on random hosts. In
the target most VMs have been exchanged for others: it is as full as the start, and whether
a path leads to it is left to chance. There are 10 instances for each of 12 utilisations and
13 sizes, and A\* has 10,000 expansions for each.

![Above, the share of instances with a path, by largest VM and utilisation: all of them at the lower left, none at the upper right, and a narrow band between. Below, the states expanded: most of them along that band.](phase.png)

TEXT
  table outcomes
  cat <<'TEXT'

- **Easy.** At the lower left nearly everything has a path, and a handful of expansions find
  it: there is room enough that direct migrations and few bypasses do.
- **Hard.** Along a band that falls from small VMs on fuller hosts to large VMs on emptier
  ones, some instances have a path and some have none. There the means grow by a factor of a
  hundred; nearly all instances that are open after 10,000 expansions lie in it.
- **Infeasible.** Above the band hosts are so full, or VMs so large, that hardly any VM can
  move, or that all hosts together have no room for one that would have to. What is
  infeasible is easy again.

That difficulty peaks where having a solution turns from likely to unlikely is known of
many problems: P. Cheeseman, B. Kanefsky and W. Taylor, Where the really hard problems are,
IJCAI 1991.

By utilisation:

TEXT
  table 'outcomes(group=param.utilisation)'
  cat <<'TEXT'

The utilisation is that of all four hosts together, and it is measured, not a limit. Another
[feature](../results/FORMAT.md) tells the three apart better: how many
VMs are *locked*, that is, reach their targets by no order of direct migrations.

TEXT
  table 'class-effort(group=locked)'
} >docs/phase.md
