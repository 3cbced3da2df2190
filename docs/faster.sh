#!/usr/bin/env bash
# Regenerates docs/faster.md and its picture from the reference results of the suite faster, in a few seconds.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go build -o "$work/rearrange" ./cmd/rearrange
results=results/reference/faster

"$work/rearrange" plot 'makespan-cost(x-scale=linear, y-scale=linear)' "$results" -o docs/faster.png 2>/dev/null
columns='param.utilisation, makespan, makespan-bound, cost, schedule-cost'

# The runs of a scheduler, by instance and model.
runs() { "$work/rearrange" table "runs(columns=[instance, model, $columns])" "$results" --where "scheduler == \"$1\"" --format csv 2>/dev/null | tail -n +2 | sed 's/"\([^"]*\)"/\1/g' | sort; }

# What a scheduler gains over list, by utilisation and in all: fields are counted from the end, because names have commas.
gain() {
  paste -d'\t' <(runs list) <(runs "$1") | awk -F'\t' -v name="$1" '
    { n = split($1, l, ","); m = split($2, r, ",")
      full = l[n-4]; if (l[n-3] <= 1.1 * l[n-2]) next
      for (i = 0; i < 2; i++) { key = i ? "all" : full
        runs[key]++; list[key] += log(l[n-3]); time[key] += log(r[m-3])
        closed[key] += (l[n-3] - r[m-3]) / (l[n-3] - l[n-2]); extra[key] += r[m] / l[n] - 1 } }
    END { for (key in runs) printf "| %s | `%s` | %d | %.1f | %.1f | %.0f | %.1f |\n", key == "all" ? "all" : 100 * key " %", name,
      runs[key], exp(list[key] / runs[key]), exp(time[key] / runs[key]), 100 * closed[key] / runs[key], 100 * extra[key] / runs[key] }'
}

{
  cat <<'TEXT'
# Faster paths

`docs/faster.sh` generates this page from the [reference results](../results/reference/README.md) of the suite
[faster](../experiments/suites/faster.yaml); the text between the tables is written by hand.

In a cloud that is nearly full, the schedule of the cheapest path waits for room most of the time, and links are idle meanwhile. The scheduler `reroute` looks for
another path whose schedule is shorter: it sends VMs that stand in the way over a third host, so that others need not wait for them. Such a path costs more.
`extra` limits by how much, as a share of the cost of the path that it begins with:

```sh
rearrange plan cloud.json --target rebalance --schedule 'reroute(extra=0.1)' -o plan.json --instance-out target.json
rearrange schedule cloud.json plan.json --scheduler reroute --timeout 1m
```

With `objective=cost` the cheapest path comes first, and of equally cheap ones the shortest schedule.

## What is gained

Clouds of 20 hosts, 85 to 97 % full, one live migration at a time from each host (`slots(preset=nova)`) or as many as its link carries (`bandwidth`). The paths that `list` schedules are the
cheapest ones, or nearly so. Each scheduler tries 20,000 schedules. Bound is the lower bound on all schedules of the cheapest path's own steps, which
is at least the time that its volume needs; closed is the share of the distance between `list` and the bound. Makespans are geometric means, all others arithmetic ones.

| full | scheduler | schedules | list (s) | makespan (s) | closed (%) | extra cost (%) |
|:---|:---|---:|---:|---:|---:|---:|
TEXT
  for scheduler in 'reroute(extra=0.05)' 'reroute(extra=0.1)' 'reroute(extra=0.2)' reroute; do gain "$scheduler"; done | sort -t'|' -k2,2 -s
  cat <<'TEXT'

![Makespan against the cost of the steps: list, and reroute with four limits on cost.](faster.png)

- The fuller the cloud, the more there is to gain. At 95 %, where 72 of 116 steps wait for room one after the other, a tenth more cost closes nearly half of
  the distance, and a quarter more closes more than half.
- Below 90 % links decide more often than room does. A bypass then takes time of the same links, and few pay off.
- The lower bound of a schedule by `reroute` is that of the steps that it found. Other paths may be faster still: nothing is proved about all of them.
TEXT
} >docs/faster.md
