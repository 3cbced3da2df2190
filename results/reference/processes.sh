#!/usr/bin/env bash
# Measures whole `solve` processes at the scale of a data centre, for docs/scale.md: how long
# they take, and how much memory. Takes about ten minutes, and needs GNU time.
set -euo pipefail
cd "$(dirname "$0")/../.."
kept=results/reference/scale-processes
cloud='capacity=64, reserved=0, sizes=flavours, flavours=[1, 2, 4, 8, 16], weights=[.30, .30, .20, .15, .05], tries=20, start=fresh, target=fresh'
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

# The duration that ends the line on the search, in seconds: "12 µs", "764 ms", "1.4 s", "2 min 5 s".
solving() {
  tr '\n' ' ' <$out/said | sed -E 's/.*expanded, [^a-z]*generated, [^,]*, //' |
    awk '{ for (i = 1; i < NF; i += 2) { u = $(i + 1); f = u == "µs" ? 1e-6 : u == "ms" ? 1e-3 : u == "s" ? 1 : u == "min" ? 60 : 0; if (!f) break; t += $i * f } print t }'
}

# A field of the plan, which stand before its steps.
field() { sed -nE "1,/\"steps\"/s/^ \"$1\": \"?([^\",]*)\"?,?\$/\\1/p" $out/plan.json; }

# process NAME LIMIT ALGORITHM FAMILY [SEED]: solves an instance in a process of its own,
# which reads it, solves it, has the plan judged and writes it. Adds a line to
# processes.tsv: name, seed, algorithm, limit, status, seconds until the first plan, of
# solving and of the process, CPU seconds, MiB, migrations, bypasses, gap in per cent.
process() {
  local name=$1 limit=$2 algorithm=$3 family=$4 seed=${5-101}
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
    -v first="$(awk '$3 == "cost" {print $1; exit}' $out/said)" -v solved="$(solving)" \
    -v wall="$wall" -v cpu="$user $system" -v kib="$kib" -v migrations="$(grep -c '"action":"migrate"' $out/plan.json)" \
    -v misplaced="$(cat "$instance.misplaced")" -v cost="$(field cost)" -v bound="$(field lower_bound)" 'BEGIN {
      split(cpu, part, " ")
      if (first == "") print name, seed, algorithm, limit, status, "–", solved, wall, part[1] + part[2], kib / 1024, "–", "–", "–"
      else print name, seed, algorithm, limit, status, first, solved, wall, part[1] + part[2], kib / 1024, migrations, migrations - misplaced, (bound > 0 ? 100 * (cost - bound) / bound : "–")
    }' >>$out/processes.tsv
  tail -n 1 $out/processes.tsv >&2
}

go build -o $out/rearrange ./cmd/rearrange
{
  echo "Measured on $(nproc) cores of $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1), on $(date -u +%F), at revision $(git rev-parse --short HEAD);"
  echo "background load at the start: $(cut -d ' ' -f 1 /proc/loadavg) cores."
} >$out/machine.txt
for part in 85:1s 95:15s 98:60s; do
  for seed in 101 102; do
    for algorithm in greedy auto; do
      process "10,000 hosts, ${part%:*} %" ${part#*:} $algorithm "random(hosts=10000, $cloud, utilisation=0.${part%:*})" $seed
    done
  done
done
for part in 85 98; do
  process "100,000 hosts, $part %" 60s auto "random(hosts=100000, $cloud, utilisation=0.$part)"
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
mkdir -p $kept
cp $out/processes.tsv $out/machine.txt $kept/
