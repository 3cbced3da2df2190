#!/usr/bin/env bash
# Regenerates docs/field.md and its pictures from the reference results, within seconds.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go build -o "$work/rearrange" ./cmd/rearrange
field='baselines(algorithms=[dijkstra, displacement, "astar(heuristic=misplaced)", astar, auto])'

# A table of one suite: SUITE TABLE [more of `rearrange report`]; without its heading.
table() {
  local suite=$1 table=$2
  shift 2
  "$work/rearrange" table "$table" "results/reference/$suite" --format markdown "$@" 2>/dev/null | sed 1,2d
}

# A picture of the suite field: NAME PLOT WHERE.
plot() { "$work/rearrange" plot "$2" results/reference/field --where "$3" -o "docs/$1.png" 2>/dev/null; }

plot field-growth 'growth(by=vms, metric=expanded, algorithms=[dijkstra, "astar(heuristic=misplaced)", auto])' 'param.hosts == 4 && param.vms > 0'
plot field-cost 'scatter(metric=cost, x=displacement, y=auto)' 'param.utilisation == 0.9'

{
  cat <<'TEXT'
# The field, side by side

`docs/field.sh` generates this page from the [reference results](../results/reference/README.md);
only the text between the tables is written by hand. `dijkstra` is uniform-cost search,
`displacement` the algorithm of the first published path finder, and
`astar(heuristic=misplaced)` textbook A\*, whose bound is the cost of moving every misplaced VM
once; `astar` and `auto` are ours.

## Why uniform-cost search is hopeless

Four hosts and a growing number of VMs: each VM multiplies the states that uniform-cost search
has to visit by four. An arrow marks a search that reached its limit of 200,000 expansions.

![States expanded against the number of VMs, both logarithmic: uniform-cost search climbs to the limit within ten VMs, A* and auto need at most ten states.](field-growth.png)

## From two hosts to two hundred

The suite [field](../experiments/suites/field.yaml) has the clouds above and full ones, whose
targets are reached by 1,000 random sane migrations. No instance was looked at while the
algorithms were developed (role `test`).

TEXT
  table field "$field"
  printf '\nThe full clouds, by hosts:\n\n'
  table field "${field%)}, group=hosts)" --where 'param.utilisation == 0.9'
  cat <<'TEXT'

![Cost of auto's plans against those of displacement, case by case: on the diagonal or below it.](field-cost.png)

## The published cases

The suite [classic](../experiments/suites/classic.yaml) has the 13 cases that were published
with `displacement`. Ours were developed with these at hand (role `tuning`):

TEXT
  table classic 'baselines(algorithms=[dijkstra, displacement, astar, auto])'
} >docs/field.md
