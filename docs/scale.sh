#!/usr/bin/env bash
# Makes docs/scale.md and its picture of the reference results, within seconds:
# results/reference/make.sh and results/reference/processes.sh make these.
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

# How many times as long ten times as many hosts take.
growth() {
  awk -F '\t' '
    $1 == "1,000 hosts, 90 %" { first[$3] = $6; solving[$3] = $7; whole[$3] = $8 }
    $1 == "10,000 hosts, 90 %" { printf "| %s | %.1f | %.1f | %.1f |\n", $3, $6 / first[$3], $7 / solving[$3], $8 / whole[$3] }
  ' results/reference/scale-processes/processes.tsv
}

# A table of a suite: without its heading, and with what is the same in the names of all
# instances left out, so that the page can be read.
table() {
  "$work/rearrange" table "$2" "results/reference/$1" --format markdown 2>/dev/null |
    sed -e 1,2d -e 's/\\\[/[/g; s/\\\]/]/g' |
    sed -E 's/capacity=64, reserved=0, sizes=flavours, flavours=\[[0-9, ]*\], weights=\[[0-9., ]*\], //; s/, tries=20//; s/, start=fresh, target=fresh//'
}

# The records of near-capacity, and those of the build before: its algorithm has another name.
near=("results/reference/near-capacity")
if [ -f results/reference/near-capacity-before/records.jsonl.gz ]; then
  mkdir "$work/before"
  gunzip -c results/reference/near-capacity-before/records.jsonl.gz |
    sed -E 's/"run_key":"(.{16})(.{16})"/"run_key":"\2\1"/; s/"algorithm":"auto"/"algorithm":"auto-before"/' >"$work/before/records.jsonl"
  near+=("$work/before")
fi

# The gaps of near-capacity, a column for each algorithm.
gaps() {
  "$work/rearrange" table 'table(rows=[class], across=yes, columns=[mean(gap, digits=3, counts=yes)])' "${near[@]}" --format markdown 2>/dev/null |
    sed -e 1,2d -e 's/\\\[/[/g; s/\\\]/]/g' |
    sed -E 's/capacity=(64|65536), reserved=0, //; s/sizes=flavours, flavours=\[[0-9, ]*\], weights=\[[0-9., ]*\], //; s/, tries=20//; s/, start=fresh, target=fresh//; s/target=shuffle, //; s/, moved=1//'
}

"$work/rearrange" plot 'cost-bound(algorithms=[auto-before, auto, largefirst, greedy])' "${near[@]}" -o docs/near-capacity.png 2>/dev/null
"$work/rearrange" plot cost-bound results/reference/displacement -o docs/scale.png 2>/dev/null

{
  cat <<'TEXT'
# Paths at the scale of a data centre

Made by `docs/scale.sh` of the [reference results](../results/reference/README.md): whole `solve` processes, and the suites
[scale](../experiments/suites/scale.yaml) and
[displacement](../experiments/suites/displacement.yaml); nothing here is typed by hand but
the text between the tables. A gap is that between a plan's cost and the lower bound that
was proved of all plans, as a share of the bound; every plan was judged.

## Ten thousand hosts, and a hundred thousand

10,000 hosts of 64 units hold about 150,000 VMs of 1, 2, 4, 8 and 16 units, with weights .30, .30,
.20, .15 and .05; start and target are random and have nothing to do with each other, so
that nearly every VM has to move. A process reads the instance, solves it, has the plan
judged and writes it; memory is the most that it ever held. A bypass is a migration beyond
the one that each misplaced VM needs.

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

Ten times as many hosts take so many times as long:

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
10,000 hosts and 60 s with 100,000. `largefirst` alone is the first plan that `auto` begins
with; `auto-before` is `auto` of the build before there was `largefirst`. Mean gaps, in per cent
over the best lower bound that any run proved; in parentheses how many runs of all found a
plan, where not all did:

TEXT
  gaps
  cat <<'TEXT'

![Cost of plans near capacity over the best proved lower bound, one row per algorithm: a point for each case that all of them found a plan for.](near-capacity.png)

## Real clouds, and known optima

The suite `scale` has the clouds above, some with more seeds, and: the clouds of Google's machine
reassignment challenge (ROADEF/EURO 2012), once after a walk of as many migrations as there
are processes, which are to be undone, and once to be rebalanced; families with optima that
are known in closed form; and walks of ten migrations a host. Runs end after 10 s at the
latest, but for 1 s at 85 %, 15 s at 95 %, 60 s at 98 %, 5 s at 90 % and 30 s with several
resources.

TEXT
  runs=$(gunzip -c results/reference/scale/records.jsonl.gz | wc -l)
  [ "$runs" = 150 ] || printf 'Of its runs %d were made for this page.\n\n' "$runs"
  table scale class-plans
  cat <<'TEXT'

When the first plan was there:

TEXT
  table scale class-first
  cat <<'TEXT'

## Against displacement

The algorithm of the first published path finder, `displacement`, is the baseline. The suite
has the 13 cases that were published with it, 300 random instances of 3 to 40 hosts, and the
families with known optima, up to 1,000 hosts. Only the random ones, on which nothing was tuned,
bear out what is claimed: ours were developed with a look at the others. Searches end after 20,000 expansions or 5 s.

TEXT
  table displacement 'versus(group=family)'
  cat <<'TEXT'

![Cost of plans over the best proved lower bound, one row per algorithm: a point for each case that all of them found a plan for.](scale.png)
TEXT
} >docs/scale.md
