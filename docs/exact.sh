#!/usr/bin/env bash
# Regenerates docs/exact.md from the reference results of the suites `exact`, `soaktest` and
# `frontier` (results/reference/make.sh), and runs the benchmark of the search engine, which
# takes a few minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go build -o "$work/rearrange" ./cmd/rearrange
go test -run '^$' -bench BestFirst -benchtime 3s -count 5 ./algorithms/paths/space >"$work/space.txt"

# A table of a suite, without its heading and without the parameters that all instances share.
table() {
  "$work/rearrange" table "$2" "results/reference/$1" --format markdown 2>/dev/null |
    sed -e 1,2d -e 's/max=2048, //g; s/, migrations=1000//g; s/\\\[/[/g; s/\\\]/]/g' \
      -e 's/capacity=16, reserved=0, //g; s/, weights=\[0.4, 0.3, 0.2, 0.1\]//g; s/, tries=20, start=fresh, target=fresh//g'
}

{
  cat <<'TEXT'
# Exact search: what each part buys

`docs/exact.sh` generates this page from the [reference results](../results/reference/README.md)
of the suites [exact](../experiments/suites/exact.yaml),
[soaktest](../experiments/suites/soaktest.yaml) and
[frontier](../experiments/suites/frontier.yaml); only the text between the tables is written
by hand. No instance was looked at while the algorithms were developed (role `test`).

Most instances are random and full: hosts of 4096 MiB with 280 reserved, VMs of 128 to
2048 MiB that demand the stated share of the available memory, and a target reached by 1,000
random sane migrations. Others are full of VMs of four sizes, on hosts of 16 units, with a
target independent of the start. Two families are not full: one has few VMs of two sizes, so
that hosts and VMs are interchangeable; the other has few small VMs, so that every host can
hold them all.

## Bounds, prunings and searches

Every search is cut off at 200,000 expansions. Over all instances:

TEXT
  table exact effort
  cat <<'TEXT'

By hosts and utilisation, in states expanded:

TEXT
  table exact class-effort
  cat <<'TEXT'

and in time:

TEXT
  table exact class-time
  cat <<'TEXT'

How to read the tables: the bound `misplaced` charges every misplaced VM once; `deadlock`
adds the least cost of resolving the cycles of VMs that wait for each other. Each pruning
preserves a cheapest path. `repeat` removes successors, not states, so it shows in the states
generated and in the time. `symmetry` helps if VMs or hosts are interchangeable, as VMs of few
sizes are, and `dominance` if a host can hold all VMs; neither has an effect on the full
instances, whose VMs all differ. A bound that costs more to compute pays if it saves enough
states: on these small instances `misplaced` is often the fastest; over the 50 larger ones of
the soak test below, `deadlock` is.

## The first path finder's soak test

`random(hosts=10)`, seeds 1 to 50, within 10 s and 2 GiB each
([suite](../experiments/suites/soaktest.yaml)):

TEXT
  table soaktest outcomes
  echo
  table soaktest class-effort
  echo
  table soaktest class-time
  cat <<'TEXT'

## The frontier

What A* with the bound `deadlock` proves within 60 s and 4 GiB, on one core:

TEXT
  table frontier class-effort
  echo
  table frontier class-time
  cat <<'TEXT'

## The engine

Uniform-cost search on `random(hosts=10)`, seed 19: states generated and expanded per
second on one core, and memory per stored state with table, index and open list.

```
TEXT
  grep -E '^(cpu|Benchmark)' "$work/space.txt"
  echo '```'
} >docs/exact.md
