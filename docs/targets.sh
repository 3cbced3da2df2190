#!/usr/bin/env bash
# Regenerates docs/targets.md and its picture from the reference results, within seconds.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go build -o "$work/rearrange" ./cmd/rearrange

results=results/reference/targets

# A table at a utilisation, without its heading.
table() { "$work/rearrange" table "$1" "$results" --where "param.utilisation == $2" --format markdown 2>/dev/null | sed 1,2d; }

# A figure of a strategy at a utilisation, rounded, with its thousands apart.
figure() {
  "$work/rearrange" table "runs(columns=[$1])" "$results" --where "param.utilisation == $2 && strategy == \"$3\"" --format csv 2>/dev/null |
    tail -n 1 | awk '{printf "%.0f\n", $1}' | sed -E ':a; s/^([0-9]+)([0-9]{3})/\1,\2/; ta'
}

# What the text says of a strategy at a utilisation.
told() {
  echo "frees $(figure gain "$1" "$2") hosts for $(figure cost "$1" "$2") MiB, $(figure cost-per-gain "$1" "$2") MiB each"
}

"$work/rearrange" plot pareto-targets "$results" --where 'param.utilisation == 0.6' -o docs/targets.png 2>/dev/null

{
  cat <<'TEXT'
# Which target to head for

`docs/targets.sh` generates this page from the [reference results](../results/reference/README.md)
of the suite [targets](../experiments/suites/targets.yaml); the text between the tables is written by hand.

Two clouds of 500 hosts, of the flavours and host types of a public cloud, are to use fewer hosts. Each strategy
chooses a target, and the algorithm `auto` finds a path to it. All targets are measured by the hosts in use, whatever the
strategy lowers; a path costs the RAM that it moves, in MiB. The search for a target ends after 20,000 steps, so
that all figures but times are the same on every machine.

**The target with the best objective is not the one with the best trade-off.**
TEXT
  cat <<TEXT
At a utilisation of 60 %, \`defragment\` meets the proved bound of $(figure objective-bound 0.6 defragment) hosts: it $(told 0.6 defragment).
With a budget of 1,000 migrations it $(told 0.6 'defragment(max-migrations=1000)');
with a budget of 100 it $(told 0.6 'defragment(max-migrations=100)').
At 85 %, without a budget it $(told 0.85 defragment), and with one of 250 migrations it
$(told 0.85 'defragment(max-migrations=250)').
TEXT
  cat <<'TEXT'

The first hosts are cheap to empty, and the last ones cost the most: which of these targets is right depends on what a free
host is worth. None of the targets on the front is best in both.

![Hosts in use against the cost of the path, at a utilisation of 60 %. The front falls from defragment, with the fewest hosts and the costliest path, over its budgets of 1,000 to 100 migrations, to doing nothing.](targets.png)

At a utilisation of 60 %:

TEXT
  table targets 0.6
  printf '\nAt a utilisation of 85 %%:\n\n'
  table targets 0.85
  cat <<'TEXT'

- `incremental(objective=hosts)` moves one VM after another, as a scheduler does: no VM alone frees a host, so none moves.
- `rebalance` lowers the highest load and frees no host: measured by hosts, its moves gain nothing.
- `evacuate(racks=rack1)` empties the 20 hosts that it is told to, cheap or not.
- `policy` lowers hosts first and the highest load second. In as many steps it gets less far with the hosts than `defragment`,
  which looks at nothing else.
- Every target here is reached by direct migrations alone: a path costs no more than going straight (a detour of 1).
TEXT
} >docs/targets.md
