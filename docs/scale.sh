#!/usr/bin/env bash
# Regenerates docs/scale.md and its pictures from the reference results, within seconds;
# results/reference/make.sh, processes.sh and before.sh make those.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go build -o "$work/rearrange" ./cmd/rearrange

# The processes whose names match, as the rows of a table.
processes() {
  cat <<'TEXT'
| instance | seed | algorithm | limit | status | first plan (s) | solving (s) | process (s) | CPU (s) | memory (MiB) | migrations | bypasses | gap (%) |
|:---|---:|:---|---:|:---|---:|---:|---:|---:|---:|---:|---:|---:|
TEXT
  awk -F '\t' -v OFS=' | ' -v names="$1" '
    function thousands(n) { return n !~ /^[0-9]+$/ ? n : n < 1000 ? n : n < 1000000 ? sprintf("%d,%03d", n / 1000, n % 1000) : sprintf("%d,%03d,%03d", n / 1000000, n % 1000000 / 1000, n % 1000) }
    function rounded(x, digits) { return x ~ /^[0-9.e-]+$/ ? sprintf("%." digits "f", x) : x }
    $1 ~ names { print "| " $1, $2, $3, $4, $5, rounded($6, 2), rounded($7, 2), rounded($8, 2), rounded($9, 2), rounded($10, 0), thousands($11), thousands($12), rounded($13, 4) " |" }
  ' results/reference/scale-processes/processes.tsv
}

# The ratios of the times at 10,000 hosts to those at 1,000.
growth() {
  awk -F '\t' '
    $1 == "1,000 hosts, 90 %" { first[$3] = $6; solving[$3] = $7; whole[$3] = $8 }
    $1 == "10,000 hosts, 90 %" { printf "| %s | %.1f | %.1f | %.1f |\n", $3, $6 / first[$3], $7 / solving[$3], $8 / whole[$3] }
  ' results/reference/scale-processes/processes.tsv
}

# A table without its heading: SPEC RESULTS… [--where EXPRESSION].
table() { "$work/rearrange" table "$@" --format markdown 2>/dev/null | sed 1,2d; }

# The records of near-capacity and those of the build before, whose algorithm is renamed.
near=("results/reference/near-capacity")
if [ -f results/reference/near-capacity-before/records.jsonl.gz ]; then
  mkdir "$work/before"
  gunzip -c results/reference/near-capacity-before/records.jsonl.gz |
    sed -E 's/"run_key":"(.{16})(.{16})"/"run_key":"\2\1"/; s/"algorithm":"auto"/"algorithm":"auto-before"/' >"$work/before/records.jsonl"
  near+=("$work/before")
fi

# What tells the random clouds apart.
parameters='param.sizes, param.hosts, param.utilisation, param.resources, param.grouped'
gaps='columns=[mean(gap, digits=3, counts=yes)]'
plans='columns=[count(found, fraction=yes), count(optimal, fraction=yes), mean(gap, digits=3), max(gap, digits=3), mean(steps, digits=0), mean(extra-steps, digits=1), sgm(first-plan)]'

"$work/rearrange" plot 'cost-bound(algorithms=[auto, largefirst, greedy])' results/reference/near-capacity -o docs/near-capacity.png 2>/dev/null
"$work/rearrange" plot cost-bound results/reference/displacement --where 'role == "test"' -o docs/scale.png 2>/dev/null

{
  cat <<'TEXT'
# Paths at the scale of a data centre

`docs/scale.sh` generates this page from the [reference results](../results/reference/README.md):
whole `solve` processes, and the suites [scale](../experiments/suites/scale.yaml),
[near-capacity](../experiments/suites/near-capacity.yaml) and
[displacement](../experiments/suites/displacement.yaml); only the text between the tables is
written by hand. A gap is the difference between a plan's cost and the proved lower bound, as a
share of the bound. Every plan was judged.

## Ten thousand hosts, and a hundred thousand

10,000 hosts of 64 units hold about 150,000 VMs of 1, 2, 4, 8 and 16 units, with weights .30, .30,
.20, .15 and .05; start and target are random and have nothing to do with each other, so
that nearly every VM has to move. A process reads the instance, solves it, has the plan
judged and writes it; memory is its peak. A bypass is a migration beyond the one that each
misplaced VM needs.

TEXT
  processes '(10|100),000 hosts, (85|95|98)'
  echo
  cat results/reference/scale-processes/machine.txt
  cat <<'TEXT'

## Growth

The same cloud at 90 %, from 1,000 to 10,000 hosts, within 15 s:

TEXT
  processes 'hosts, 90'
  cat <<'TEXT'

Time at 10,000 hosts as a multiple of the time at 1,000 hosts:

| algorithm | to the first plan | solving | the whole process |
|:---|---:|---:|---:|
TEXT
  growth
  cat <<'TEXT'

## Several resources, and groups

10,000 hosts with two, three and four resources, each 90 % full, whose demands by a VM are
correlated (0.9); every tenth VM belongs to a group of three that must stand on three hosts
all the time:

TEXT
  processes 'resources'
  cat <<'TEXT'

## Near capacity

Both placements are random and independent again, in clouds that are 95 to 99.5 % full: hosts
of 64 units as above, hosts with lognormal and uniform sizes that do not divide each other,
several resources (correlation 0.5), groups of VMs that stand apart on 10 % of the VMs, and the
sizes of a provider with its groups. The suite is
[near-capacity](../experiments/suites/near-capacity.yaml); runs end after 10 s, after 20 s with
10,000 hosts and 60 s with 100,000. `auto` begins with a plan by `largefirst`; `auto-before` is
`auto` of the last build without `largefirst`. Mean gaps, in per cent of the best lower bound
that any run proved; in parentheses the number of runs that found a plan, if not all did:

TEXT
  table "table(rows=[$parameters], across=yes, $gaps)" "${near[@]}" --where 'family == "random"'
  echo
  table "table(rows=[family, param.hosts, param.utilisation], across=yes, $gaps)" "${near[@]}" --where 'family == "flavours"'
  cat <<'TEXT'

![Cost of plans near capacity over the best proved lower bound, one row per algorithm: a point for each case that all of them found a plan for.](near-capacity.png)

## Real clouds, and known optima

Besides the clouds above, some with more seeds, the suite `scale` has the clouds of Google's
machine reassignment challenge (ROADEF/EURO 2012), once after a random walk of one migration
per process, which is to be undone, and once to be rebalanced; families whose optima are known
in closed form; and walks of ten migrations per host. The time limit is 10 s, except for 1 s
at 85 %, 5 s at 90 %, 15 s at 95 %, 60 s at 98 % and 30 s with several resources. First the
instances that nobody looked at while the algorithms were developed (role `test`):

TEXT
  runs=$(gunzip -c results/reference/scale/records.jsonl.gz | wc -l)
  [ "$runs" = 150 ] || printf 'Of its runs %d were made for this page.\n\n' "$runs"
  table "table(rows=[$parameters, algorithm], $plans)" results/reference/scale --where 'role == "test"'
  cat <<'TEXT'

The challenge's clouds and the known optima were at hand during development (role `tuning`):

TEXT
  table class-plans results/reference/scale --where 'role == "tuning"'
  cat <<'TEXT'

## Against displacement

The algorithm of the first published path finder, `displacement`, is the baseline. The suite
has 300 random instances of 3 to 40 hosts, on which nothing was tuned (role `test`), the 13
cases that were published with it, and families with known optima, up to 1,000 hosts (role
`tuning`). Searches end after 20,000 expansions or 5 s. On the untuned instances, by number of hosts:

TEXT
  table 'versus(group=param.hosts)' results/reference/displacement --where 'role == "test"'
  cat <<'TEXT'

On the others, by family:

TEXT
  table 'versus(group=family)' results/reference/displacement --where 'role == "tuning"'
  cat <<'TEXT'

![Cost of plans over the best proved lower bound, one row per algorithm: a point for each case that all of them found a plan for.](scale.png)
TEXT
} >docs/scale.md
