#!/usr/bin/env bash
# Regenerates docs/frontier.md and the picture of its suite from the reference results, within seconds. With the argument
# "all" it also makes the frontier of 1,000 hosts anew, which takes a minute.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go build -o "$work/rearrange" ./cmd/rearrange

results=results/reference/trade

# The table at a utilisation, without its heading.
table() { "$work/rearrange" table targets "$results" --where "param.utilisation == $1" --format markdown 2>/dev/null | sed 1,2d; }

"$work/rearrange" plot pareto-targets "$results" --where 'param.utilisation == 0.6' -o docs/trade.png 2>/dev/null
if [ "${1:-}" = all ]; then
  "$work/rearrange" generate 'flavours(preset=general, hosts=1000, utilisation=0.6, target=none)' -o "$work/cloud.json.gz"
  "$work/rearrange" frontier defragment "$work/cloud.json.gz" --timeout 60s -o "$work/frontier"
  cp "$work/frontier/frontier.png" docs/frontier.png
fi

{
  cat <<'TEXT'
# What better targets cost to reach

`rearrange frontier STRATEGY INSTANCE` looks for the targets of one placement of which none has both a better objective, that of the
strategy, and a cheaper path. For 1,000 hosts of a public cloud's flavours, 60 % full:

```sh
rearrange generate 'flavours(preset=general, hosts=1000, utilisation=0.6, target=none)' -o cloud.json.gz
rearrange frontier defragment cloud.json.gz --timeout 60s -o frontier
```

![Cost of the path against hosts in use, from 1,000 hosts at no cost to 534 at 120 million MiB. The curve rises slowly down to 600 hosts, and steeply below. Most points are proved.](frontier.png)

Each host that is freed costs more than the one before, and below 560 hosts much more: large hosts are needed for their room, so that only
small ones can be emptied, cheap or not.
All points with 598 hosts or more are proved: no target that uses as few hosts has a cheaper path. The others are within 2 % of the
bound, among them the one with 534 hosts, which is what volume alone demands, for 119,668,736 MiB.

The folder holds the table (`frontier.csv`), the picture, and for each point the instance with its target (`point-01.json.gz`) and
a plan that the judge has checked (`point-01.plan.json`). All strategies and their [terms](../algorithms/targets) can be asked, and
all cost functions: `--cost count` trades the objective against the number of migrations. Without `--timeout`, the search has a
fixed effort and finds the same points each time.

## How to read it

- **Cost** is that of the path which the algorithm `auto` found. The **direct cost** is that of going straight, each VM once.
- The **lower bound** holds for the path to every target that is at least as good: a host that has to be empty is left by all its VMs, each for
  the least that leaving costs, and a host that is loaded too much by some of them. The hosts that stay in use have to have room for all VMs.
- A point is **proved** if it costs as much as its bound, or if all targets could be listed, in small clouds.
- Targets to which **no path** was found stand apart. They cost what going straight costs at least. In clouds that are nearly full, there are such targets that
  look good and cannot be reached, or only by a detour.

## One point at a time

The term `cost-weight=R`, which all strategies take, lowers the sum of the objective and R times the cost: R says what a unit of cost is
worth in the unit of the objective. The suite [trade](../experiments/suites/trade.yaml) sweeps it over two clouds of 200 hosts: with
`defragment(cost-weight=1/200000)`, a host is freed where that moves less than 200,000 MiB.

![Hosts in use against the cost of the path, at a utilisation of 60 %. The front falls from defragment without a weight, over weights of 1/1000000 to 1/50000, to nearly nothing.](trade.png)

At a utilisation of 60 %:

TEXT
  table 0.6
  printf '\nAt a utilisation of 85 %%:\n\n'
  table 0.85
  cat <<'TEXT'

- At 85 % no host is worth its price below 150,000 MiB; at 60 % the first eight go for 76,800 MiB each.
- Weights beyond 1/250000 change little at 60 %: the search with a weight finds 113 hosts where `defragment` alone, which closes
  hosts whatever they cost, finds the 107 of the bound. A weight is for the middle of the frontier, not for its end.
TEXT
} >docs/frontier.md
