#!/usr/bin/env bash
# Regenerates docs/reach.md and its picture from the reference results, within seconds.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go build -o "$work/rearrange" ./cmd/rearrange

results=results/reference/reach

# A table of some strategies by utilisation, without its heading.
table() {
  "$work/rearrange" table "table(rows=[strategy, param.utilisation], columns=[count(target-found, title=targets), count(found, title=reached), \
    count(infeasible, title=unreachable), count(unknown, title=unknown), mean(objective-before, title=before, digits=0), \
    mean(objective-after, title=after, digits=0), mean(direct-cost, title=\"direct cost\", digits=1), mean(cost, title=\"path cost\", digits=1), \
    gmean(detour, title=detour, digits=2), max(detour, title=\"most detour\", digits=2)])" \
    "$results" --where "$1" --format markdown 2>/dev/null | sed 1,2d
}

"$work/rearrange" plot 'heat-map(x=param.utilisation, y=param.hosts, metric=[path, detour])' "$results" \
  --where 'strategy == "policy(objective=load(measure=stddev))"' -o docs/reach.png 2>/dev/null

{
  cat <<'TEXT'
# Which targets can be reached near capacity

`docs/reach.sh` generates this page from the [reference results](../results/reference/README.md)
of the suite [reach](../experiments/suites/reach.yaml); the text between the tables is written by hand.

TEXT
  cat docs/reach-text.md 2>/dev/null || true
  table 'strategy contains "policy"'
} >docs/reach.md
