#!/usr/bin/env bash
# Regenerates docs/reach.md and its picture from the reference results, within seconds.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go build -o "$work/rearrange" ./cmd/rearrange

results=results/reference/reach

# A table of a strategy by utilisation, without its heading.
table() {
  printf '\n`%s`:\n\n' "$1"
  "$work/rearrange" table "table(rows=[param.utilisation], columns=[count(target-found, title=targets), count(found, title=reached), \
    count(infeasible, title=unreachable), count(unknown, title=unknown), mean(objective-before, title=before, digits=0), \
    mean(objective-after, title=after, digits=0), mean(direct-cost, title=\"direct cost\", digits=1), mean(cost, title=\"path cost\", digits=1), \
    gmean(detour, title=detour, digits=2), max(detour, title=\"most detour\", digits=2)])" \
    "$results" --where "strategy == \"$1\"" --format markdown 2>/dev/null | grep '^|'
}

"$work/rearrange" plot 'heat-map(x=param.utilisation, y=param.hosts, metric=[path, detour])' "$results" \
  --where 'strategy == "policy(objective=load(measure=stddev))"' -o docs/reach.png 2>/dev/null

# The number of targets of a strategy at a utilisation whose runs ended so.
count() {
  "$work/rearrange" table "runs(columns=[instance])" "$results" \
    --where "param.utilisation == $2 && strategy == \"$1\" && outcome $3" --format csv 2>/dev/null | tail -n +2 | wc -l
}

even='policy(objective=load(measure=stddev))'
{
  cat <<'TEXT'
# Which targets can be reached near capacity

`docs/reach.sh` generates this page from the [reference results](../results/reference/README.md)
of the suite [reach](../experiments/suites/reach.yaml); the text between the tables is written by hand.

Clouds of 4, 6 and 8 hosts, with VMs of 1/32 to 1/2 of a host, are 60 to 99 % full; there are 30 of them at each
utilisation. A strategy chooses a target, and the algorithm `auto` finds a path to it or proves that there is none. The
objective is the standard deviation of the loads of hosts; a path costs the RAM that it moves. Steps and expansions end the
searches, so that all figures but times are the same on every machine.

TEXT
  cat <<TEXT
**From 90 % on, a better target is often one that no path leads to.** Up to 80 % every target is reached. At 90 % it is proved of
$(count "$even" 0.9 '== "infeasible"') of 30 targets that no path exists, at 95 % of $(count "$even" 0.95 '== "infeasible"'), at 97 % of
$(count "$even" 0.97 '== "infeasible"'), and at 98 % of $(count "$even" 0.98 '== "infeasible"'). At 99 % hardly anything fits anywhere else: the
best targets move few VMs or none, and $(count "$even" 0.99 '!= "infeasible"') of 30 are reached.
TEXT
  cat <<'TEXT'

![Share of targets with a path, and detours, by utilisation and number of hosts. All targets are reached up to 80 %; at 95 % nearly none are, and at 99 % most are again. Detours stay below 1.2 on average.](reach.png)

Means of path cost and detour are over the targets that were reached.
TEXT
  table "$even"
  table "${even%)}, reachable=yes)"
  table "${even%)}, max-migrations=3)"
  cat <<'TEXT'

- With `reachable=yes` the strategy always has a target, and a path to it. It gives up a part of the gain that cannot be had: at 95 % a
  fifth of it, measured against targets of which most cannot be reached.
- A budget of three migrations is no substitute: most of these targets can be reached, though not all, and at 95 % and more they gain about
  four fifths of what `reachable=yes` gains.
- **Targets that cost several times as much as going straight were not found.** In clouds of this kind a path either exists at little
  more than the direct cost, or does not exist at all.
- These clouds are small, so that a proof is possible. What larger clouds do is not shown here.

`evacuate(hosts=host1)` is another matter: what it needs is room, not a path. Runs without a target count as unreachable in these
tables: it is proved that no target exists.
TEXT
  table 'evacuate(hosts=host1)'
  table 'evacuate(hosts=host1, reachable=yes)'
} >docs/reach.md
