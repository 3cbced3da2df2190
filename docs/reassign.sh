#!/usr/bin/env bash
# Regenerates docs/reassign.md and its picture from the reference results, within seconds.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go build -o "$work/rearrange" ./cmd/rearrange

results=results/reference/reassign

# What team S41 reached in 300 s on a machine of 2010, as published.
cat >"$work/published" <<'VALUES'
a1_1 44306501
a1_2 777912030
a1_3 583006422
a1_4 262125116
a1_5 727578310
a2_1 329
a2_2 746097632
a2_3 1210644572
a2_4 1680615349
a2_5 318358949
VALUES

columns='objective-before, objective-after, objective-bound, target-migrations, direct-cost, cost, outcome, instance'
"$work/rearrange" table "runs(columns=[$columns])" "$results" --format csv 2>/dev/null | tail -n +2 | tr -d '"' | sort -t, -k8 >"$work/runs"

# Numbers with their thousands apart.
group() { sed -E ':a; s/(\| |[0-9])([0-9]{1,3})([0-9]{3})( |,)/\1\2,\3\4/; ta'; }

# The columns of a table about the targets, and of one about the paths to them.
targets() {
  echo "| instance | before | target | published | target / published (ratio) | bound | VMs that move |"
  echo "|:---|---:|---:|---:|---:|---:|---:|"
  awk 'NR == FNR { published[$1] = $2; next } { split($0, f, ","); p = published[f[8]]
    printf "| %s | %.0f | %.0f | %.0f | %.4f | %.0f | %d |\n", f[8], f[1], f[2], p, f[2] / p, f[3], f[4] }' "$work/published" "$work/runs"
}
paths() {
  echo "| instance | outcome | direct cost (r0) | path cost (r0) | detour (ratio) |"
  echo "|:---|:---|---:|---:|---:|"
  awk -F, '{ if ($6 != "") printf "| %s | %s | %.0f | %.0f | %.3f |\n", $8, $7, $5, $6, $5 ? $6 / $5 : 1
    else printf "| %s | %s | %.0f | – | – |\n", $8, $7, $5 }' "$work/runs"
}

"$work/rearrange" plot 'quality-over-time(of=targets)' "$results" -o docs/reassign.png 2>/dev/null

within() { awk 'NR == FNR { p[$1] = $2; next } { split($0, f, ","); n += f[2] <= 1.02 * p[f[8]] } END { print n }' "$work/published" "$work/runs"; }

{
  cat <<'TEXT'
# Machine reassignment

`docs/reassign.sh` generates this page from the [reference results](../results/reference/README.md)
of the suite [reassign](../experiments/suites/reassign.yaml); the text between the tables is written by hand.

The ROADEF/EURO challenge 2012 asked for better placements of Google's processes: less load above what is safe, balanced
resources, few and cheap moves. The importer `roadef` keeps all of it: the objective `reassign`, the hard constraints as rules, and with
`transient=target` the challenge's constraint on transient resources, as the rule `at-once`. The initial costs are those that were
published, of all 18 instances at hand. `policy` searches for 60 s on two cores, which it
shared with other work, and `auto` then looks for a path for 20 s.

TEXT
  echo "**Of ten instances of set A, $(within) targets are within 2 % of what the team S41 published for 300 s.**"
  cat <<'TEXT'
The hard ones are those with many transient resources, and a2_1, whose best cost is next to nothing.

TEXT
  targets | group
  cat <<'TEXT'

Published: team S41, 300 s, one machine of that time. The bound is proved of every target: the load of all machines pooled,
and their balances, with no regard to single machines.

![How far the targets are from the best one found, over the time of the search.](reassign.png)

## Can these targets be reached?

The challenge stops at the target. All moves could run at the same time there, as far as transient resources go; other resources are charged
on both machines while a process moves, and every state on the way has to keep all rules. We know of no published answer.

TEXT
  paths | group
  cat <<'TEXT'

- An outcome of `optimal` is a proof that no path to this target is cheaper; `feasible` is a path that was found within 20 s;
  `unknown` means that none was found and that it was not proved that there is none.
- A detour above 1 is the price of processes that block each other. It is small but for a2_4.
- That a target may be reached at once, as far as transient resources go, says little of the others: nine targets can be reached one process after
  the other, and of one it is not known.
TEXT
} >docs/reassign.md
