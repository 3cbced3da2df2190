#!/usr/bin/env bash
# Makes docs/scale.md and its picture anew: measures whole `solve` processes, runs the
# suites `scale` and `displacement`, and writes what came of it into the text below. Takes
# about an hour on 2 cores, and needs GNU time. --tables-only leaves out measuring and runs
# and takes the results as they are.
set -euo pipefail
cd "$(dirname "$0")/.."
out=results/scale-processes
cloud='capacity=64, reserved=0, sizes=flavours, flavours=[1, 2, 4, 8, 16], weights=[.30, .30, .20, .15, .05], tries=20, start=fresh, target=fresh'

# A duration as Go writes it, in seconds.
seconds() { awk '{ m = 0; if (split($0, part, /m[0-9]/) > 1) { m = part[1]; sub(/^[0-9]+m/, "") } print 60 * m + $0 * (/µs$/ ? 1e-6 : /ms$/ ? 1e-3 : 1) }'; }

# A field of the plan, which stand before its steps.
field() { sed -nE "1,/\"steps\"/s/^ \"$1\": \"?([^\",]*)\"?,?\$/\\1/p" $out/plan.json; }

# process NAME LIMIT ALGORITHM FAMILY [SEED]: solves an instance in a process of its own,
# which reads it, solves it, has the plan judged and writes it. Adds a line to
# processes.tsv: name, seed, algorithm, limit, status, seconds until the first plan, of
# solving and of the process, CPU seconds, MiB, migrations, bypasses, gap in per cent.
process() {
  local name=$1 limit=$2 algorithm=$3 family=$4 seed=${5-1}
  local instance="$out/$name $seed.json"
  if [ ! -f "$instance" ]; then
    $out/rearrange generate "$family" --seed "$seed" -o "$instance"
    $out/rearrange show "$instance" --features | awk '$1 == "misplaced" {print $2}' >"$instance.misplaced"
  fi
  rm -f $out/plan.json
  command time -o $out/took -f '%e %U %S %M' $out/rearrange solve "$instance" -a "$algorithm" -t "$limit" -p -o $out/plan.json 2>$out/said || true
  local wall user system kib
  read -r wall user system kib < <(tail -n 1 $out/took)
  awk -v OFS='\t' -v name="$name" -v seed="$seed" -v algorithm="$algorithm" -v limit="$limit" -v status="$(field status)" \
    -v first="$(awk '$3 == "cost" {print $1; exit}' $out/said)" -v solved="$(awk '{word = $NF} END {print word}' $out/said | seconds)" \
    -v wall="$wall" -v cpu="$user $system" -v kib="$kib" -v migrations="$(grep -c '"action":"migrate"' $out/plan.json)" \
    -v misplaced="$(cat "$instance.misplaced")" -v cost="$(field cost)" -v bound="$(field lower_bound)" 'BEGIN {
      split(cpu, part, " ")
      if (first == "") print name, seed, algorithm, limit, status, "–", solved, wall, part[1] + part[2], kib / 1024, "–", "–", "–"
      else print name, seed, algorithm, limit, status, first, solved, wall, part[1] + part[2], kib / 1024, migrations, migrations - misplaced, (bound > 0 ? 100 * (cost - bound) / bound : "–")
    }' >>$out/processes.tsv
  tail -n 1 $out/processes.tsv >&2
}

if [ "${1-}" != --tables-only ]; then
  mkdir -p $out
  rm -f $out/processes.tsv
  go build -o $out/rearrange ./cmd/rearrange
  {
    echo "On $(nproc) cores of $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1), on $(date -u +%F), at revision $(git rev-parse --short HEAD);"
    echo "other work kept $(cut -d ' ' -f 1 /proc/loadavg) cores busy when the measuring began."
  } >$out/machine.txt
  for part in 85:1s 95:15s 98:60s; do
    for seed in 1 2; do
      for algorithm in greedy auto; do
        process "10,000 hosts, ${part%:*} %" ${part#*:} $algorithm "random(hosts=10000, $cloud, utilisation=0.${part%:*})" $seed
      done
    done
  done
  for hosts in 1,000 2,000 5,000 10,000; do
    for algorithm in greedy auto; do
      process "$hosts hosts, 90 %" 15s $algorithm "random(hosts=${hosts/,/}, $cloud, utilisation=0.9)"
    done
  done
  for resources in 2 3 4; do
    for algorithm in greedy auto; do
      process "$resources resources, 90 %, groups" 30s $algorithm "random(hosts=10000, $cloud, utilisation=0.9, resources=$resources, correlation=0.9, grouped=0.1, anti-affinity=host)"
    done
  done
  # One run at a time: others would slow it down, and it is timed.
  go run ./cmd/rearrange run -j 1 experiments/suites/scale.yaml >/dev/null
  go run ./cmd/rearrange run -j 1 experiments/suites/displacement.yaml >/dev/null
  cp results/displacement/plots/cost-bound.png docs/scale.png
fi

# The processes whose names match, as the rows of a table.
processes() {
  cat <<'TEXT'
| instance | seed | algorithm | limit | status | first plan (s) | solving (s) | process (s) | CPU (s) | memory (MiB) | migrations | bypasses | gap (%) |
|:---|---:|:---|---:|:---|---:|---:|---:|---:|---:|---:|---:|---:|
TEXT
  awk -F '\t' -v OFS=' | ' -v names="$1" '
    function thousands(n) { return n !~ /^[0-9]+$/ ? n : n < 1000 ? n : n < 1000000 ? sprintf("%d,%03d", n / 1000, n % 1000) : n }
    function rounded(x, digits) { return x ~ /^[0-9.e-]+$/ ? sprintf("%." digits "f", x) : x }
    $1 ~ names { print "| " $1, $2, $3, $4, $5, rounded($6, 2), rounded($7, 2), rounded($8, 2), rounded($9, 2), rounded($10, 0), thousands($11), thousands($12), rounded($13, 4) " |" }
  ' $out/processes.tsv
}

# How many times as long ten times as many hosts take.
growth() {
  awk -F '\t' '
    $1 == "1,000 hosts, 90 %" { first[$3] = $6; solving[$3] = $7; whole[$3] = $8 }
    $1 == "10,000 hosts, 90 %" { printf "| %s | %.1f | %.1f | %.1f |\n", $3, $6 / first[$3], $7 / solving[$3], $8 / whole[$3] }
  ' $out/processes.tsv
}

# The body of a table file: without its heading, and with what is the same in the names of
# all instances left out, so that the page can be read.
table() {
  sed -e 1,2d -e 's/\\\[/[/g; s/\\\]/]/g' "results/$1" |
    sed -E 's/capacity=64, reserved=0, sizes=flavours, flavours=\[[0-9, ]*\], weights=\[[0-9., ]*\], //; s/, tries=20//; s/, start=fresh, target=fresh//'
}

{
  cat <<'TEXT'
# Paths at the scale of a data centre

Made by `docs/scale.sh` of whole `solve` processes and of the suites
[scale](../experiments/suites/scale.yaml) and
[displacement](../experiments/suites/displacement.yaml); nothing here is typed by hand but
the text between the tables. A gap is that between a plan's cost and the lower bound that
was proved of all plans, as a share of the bound; every plan was judged.

## Ten thousand hosts

Hosts of 64 units hold about 150,000 VMs of 1, 2, 4, 8 and 16 units, with weights .30, .30,
.20, .15 and .05; start and target are random and have nothing to do with each other, so
that nearly every VM has to move. A process reads the instance, solves it, has the plan
judged and writes it; memory is the most that it ever held. A bypass is a migration beyond
the one that each misplaced VM needs.

TEXT
  processes '10,000 hosts, (85|95|98)'
  echo
  cat $out/machine.txt
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

## Real clouds, and known optima

The suite `scale` has the clouds above, some with more seeds, and: the clouds of Google's machine
reassignment challenge (ROADEF/EURO 2012), once after a walk of as many migrations as there
are processes, which are to be undone, and once to be rebalanced; families with optima that
are known in closed form; and walks of ten migrations a host. Runs end after 10 s at the
latest, but for 1 s at 85 %, 15 s at 95 %, 60 s at 98 %, 5 s at 90 % and 30 s with several
resources.

TEXT
  runs=$(wc -l <results/scale/records.jsonl)
  [ "$runs" = 150 ] || printf 'Only %d of its 150 runs were made for this page: the large real clouds and the families with\nknown optima are missing.\n\n' "$runs"
  table scale/tables/class-plans.md
  cat <<'TEXT'

When the first plan was there:

TEXT
  table scale/tables/class-first.md
  cat <<'TEXT'

## Against displacement

The algorithm of the first published path finder, `displacement`, is the baseline. The suite
has the 13 cases that were published with it, 300 random instances of 3 to 40 hosts, and the
families with known optima, up to 1,000 hosts. Searches end after 20,000 expansions or 5 s.

TEXT
  table displacement/tables/versus.md
  cat <<'TEXT'

![Cost of plans over the best proved lower bound, one row per algorithm: a point for each case that all of them found a plan for.](scale.png)
TEXT
} >docs/scale.md
