#!/usr/bin/env bash
# Regenerates docs/schedules.md and its pictures, in about two minutes: from the reference results of the suites mvm, steps and
# schedules, and from runs of the program on ../shared/data/mvm. An argument names the folder with the plans random.1.json to
# random.50.json of btrplace/migrations-UCC-15; without it, their figures are left out.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go build -o "$work/rearrange" ./cmd/rearrange
rearrange() { "$work/rearrange" "$@" 2>/dev/null; }

data=../shared/data/mvm
mvm=results/reference/mvm
steps=results/reference/steps

# The makespans that mVM published, in s.
published() {
  cat <<'CSV'
infra_scale-x1-1,132
infra_scale-x1-2,146
infra_scale-x2-1,172
infra_scale-x2-2,180
infra_scale-x4-1,168
infra_scale-x4-2,168
infra_scale-x10-1,186
infra_scale-x10-2,188
vms_scale-x1-1,134
vms_scale-x1-2,164
vms_scale-x2-1,298
vms_scale-x2-2,228
vms_scale-x4-1,340
vms_scale-x4-2,422
vms_scale-x18-1,1374
vms_scale-x18-2,1456
CSV
}

# Runs of a suite as CSV: instance, columns.
runs() { rearrange table "runs(columns=[instance, $2])" "$1" --where "$3" --format csv | tail -n +2 | sed 's/"//g'; }

# The published instances: list beside the bound and beside mVM.
instances() {
  echo "| instance | steps | makespan (s) | bound (s) | mVM (s) | to mVM | one at a time (s) |"
  echo "|:---|---:|---:|---:|---:|---:|---:|"
  runs "$mvm" "steps, makespan, makespan-bound, sequential-time" 'scheduler startsWith "list"' |
    awk -F, -v theirs="$(published | tr '\n' ' ')" 'BEGIN {
      n = split(theirs, list, " ")
      for (i = 1; i <= n; i++) { split(list[i], p, ","); mvm[p[1]] = p[2] }
    } {
      name = $1; sub(/.*\//, "", name); sub(/[.]json.*/, "", name); sub(/#.*/, "", name)
      ratio = ""
      if (name in mvm) { ratio = sprintf("%.3f", $3 / mvm[name]); sum += log($3 / mvm[name]); k++ }
      printf "| %s | %d | %d | %d | %s | %s | %d |\n", name, $2, $3, $4, mvm[name], ratio, $5
    } END { printf "\nGeometric mean over the %d files with a published makespan: %.3f of it.\n", k, exp(sum / k) }'
}

# The score of the challenge, a mean by utilisation.
score() {
  echo "| utilisation | server by server | greedy in batches | cheapest path, list |"
  echo "|---:|---:|---:|---:|"
  runs "$steps" "algorithm, scheduler, utilisation, makespan, cost" 'class startsWith "random" && makespan > 0' | awk -F, '{
      n = NF
      score = 1000 * log($(n - 1) * $n + 1) / log(10)
      u = sprintf("%.2f", $(n - 2)); s = $(n - 3); a = $(n - 4)
      how = a == "displacement" && s == "batches" ? 1 : a == "greedy" && s == "batches" ? 2 : a == "auto" && s ~ /^list/ ? 3 : 0
      if (how) { sum[u, how] += score; count[u, how]++; all[u] }
    } END { for (u in all) {
      printf "| %s |", u
      for (h = 1; h <= 3; h++) if (count[u, h]) printf " %.0f%s |", sum[u, h] / count[u, h], count[u, h] < 5 ? " (" count[u, h] " of 5)" : ""; else printf " none |"
      print ""
    } }' | sort
}

# A schedule of an instance, and what the program says of it.
told() {
  "$work/rearrange" schedule "$@" -o /dev/null 2>&1 | grep -m1 makespan | sed 's/^.*makespan/makespan/'
}

generated() { # name, family, flags
  rearrange generate "$2" -o "$work/g.json"
  rearrange solve "$work/g.json" -o "$work/g.plan.json" -t 60s
  n=$(grep -o '"action"' "$work/g.plan.json" | wc -l)
  echo "| $1 | $n | $(told "$work/g.json" "$work/g.plan.json" --model 'slots(outgoing=1, incoming=1)' "${@:3}") |"
}

shared() { # models of sharing on one published file
  rearrange import btrplace "$data/vms_scale-x18-1.json" -o "$work/hot.json"
  rearrange solve "$work/hot.json" -o "$work/hot.plan.json"
  for model in "bandwidth" "bandwidth(sharing=max-min, least=1/2)" "bandwidth(sharing=max-min)" "bandwidth(sharing=max-min, admission=no)"; do
    echo "| \`$model\` | $(told "$work/hot.json" "$work/hot.plan.json" --model "$model" --scheduler 'list(patience=0)' --timeout 60s \
      --duration 'precopy(memory-unit=GB, share=8/9, max-rounds=1000, max-downtime=100ms)') |"
  done
}

ucc() { # the published plans of a folder
  for f in "$1"/random.*.json; do
    rearrange import btrplace "$f" | sed -E 's/("name": ?"node[01]")/"nic_mbps": 495, \1/; s/("name": ?"node[23]")/"nic_mbps": 999, \1/' >"$work/u.json"
    rearrange import-plan btrplace "$work/u.json" "$f" -o "$work/u.plan.json"
    rearrange schedule "$work/u.json" "$work/u.plan.json" --model bandwidth --duration 'mvm(memory-unit=GB)' --timeout 5s --json -o "$work/u.schedule.json"
    for field in plan:makespan schedule:makespan schedule:lower_bound; do
      sed -n '/"schedule"/,/}/p' "$work/u.${field%:*}.json" | grep -oE "\"${field#*:}\": ?[0-9]+" | grep -oE '[0-9]+$' | tr '\n' ' '
    done
    echo
  done | awk '{ theirs += $1; ours += $2; shorter += $2 < $1; longer += $2 > $1; proved += $2 <= $3 } END {
    printf "Of %d plans, %d get shorter and %d longer, and %d schedules are proved shortest: %.2f s on average in place of %.2f s.\n", NR, shorter, longer, proved, ours / NR / 1000, theirs / NR / 1000 }'
}

rearrange import btrplace "$data/infra_scale-x1-1.json" -o "$work/small.json"
rearrange solve "$work/small.json" -o "$work/small.plan.json"
rearrange schedule "$work/small.json" "$work/small.plan.json" --model bandwidth --duration mvm --timeout 5s --plot docs/gantt.png -o /dev/null
rearrange plot 'box(metric=makespan-gap, compare=[scheduler])' "$steps" --where 'algorithm == "auto" && class startsWith "random" && scheduler != "sequential" && scheduler != "fifo"' -o docs/steps.png

{
  cat <<'TEXT'
# Schedules: how soon can the target be reached?

`docs/schedules.sh` generates this page from the [reference results](../results/reference/README.md) of the suites
[mvm](../experiments/suites/mvm.yaml) and [steps](../experiments/suites/steps.yaml) and from runs of the program; the text between the tables is written by hand.

A path runs one migration at a time. A schedule runs as many at once as the model of concurrency permits, without breaking a
rule at any moment, whatever the order in which migrations end. Its makespan comes with a lower bound on every schedule of the same migrations, and with the
limit or the host from which the bound comes. Every schedule is judged by code that it shares nothing with.

| model | what it limits | source |
|:---|:---|:---|
| `steps(per-host=2)` | unit steps, two migrations of a host in each | the challenge "Fixing the Cloud" |
| `slots(preset=nova)` | one outgoing migration per host | [Nova](https://docs.openstack.org/nova/latest/configuration/config.html) |
| `slots(preset=kubevirt)` | two outgoing per host, five in all | [KubeVirt](https://github.com/kubevirt/kubevirt) |
| `bandwidth` | links and switches; each migration at the full rate of its way | [mVM](https://doi.org/10.1109/TCC.2017.2754279) |
| `bandwidth(sharing=max-min)` | the same, shared fairly | |

## The published instances of mVM

32 instances of BtrPlace's study, under its own model of links and times; 2 s for each schedule.

TEXT
  rearrange table schedules "$mvm" --format markdown | sed 1,2d
  cat <<'TEXT'

Each instance, scheduled by `list`:

TEXT
  instances
  cat <<'TEXT'

![A Gantt chart of the smallest instance: lanes are hosts, what leaves above what comes; below, how many migrations are under way and how busy the busiest links are.](gantt.png)

- The bound of infra_scale-x10-2 comes from room: all cores of node187 are taken, so that none of four VMs can come before one of four others has left. That
  takes at least 18 s, and the four then take 150 s, one after the other.
- The six that are not proved are limited by the links of a rack, which ten migrations share: the last of these do not end together.
TEXT
  [ $# -eq 0 ] || {
    echo
    echo "The same authors published 50 plans of ten migrations each (btrplace/migrations-UCC-15), made by an earlier scheduler. Their network is known from the code: two hosts"
    echo "with 500 and two with 1,000 Mbit/s, of which that scheduler took 55 and 111 MB/s; hence 495 and 999 Mbit/s here. $(ucc "$1")"
  }
  cat <<'TEXT'

## Steps, by utilisation

Random clouds of 30 hosts, 70 to 97 % full, all of whose VMs are reshuffled; five of each, and the path is that of `auto`.

TEXT
  rearrange table 'schedules(group=utilisation)' "$steps" --where 'algorithm == "auto" && class startsWith "random"' --format markdown | sed 1,2d
  cat <<'TEXT'

![The gap between the makespan and the bound, by scheduler, on these clouds.](steps.png)

- Here all migrations take one step and VMs leave every host, so that both `leaf-first` and `rounds` come down to the plan's order.
- At 95 % and above, room decides. Whether the schedules are too long or the bounds too low is not known.

The [challenge](https://codeforces.com/contest/1460) scores 1000·log10(steps × GB moved + 1), with sizes in GB here; less is better. Two baselines are common. One goes
server by server: all VMs that do not belong there move out, then all that belong there move in. The algorithm `displacement` with `batches` stands for it, which moves
whatever is in the way of a VM. The other takes as many VMs as fit in each step and breaks a cycle where none does: `greedy` with `batches`. Means of five clouds:

TEXT
  score
  cat <<'TEXT'

## Ten thousand migrations, and a hundred thousand

One migration in and one out of each host; the limit is 2 s for up to 17,000 migrations, and 60 s for more.

| cloud | steps | schedule |
|:---|---:|:---|
TEXT
  generated "1,000 hosts, half full, shuffled" 'random(hosts=1000, vms=21600, sizes=uniform, min=1024, max=16384, capacity=393216, target=shuffle)' --timeout 2s
  generated "10,000 hosts, half full, shuffled" 'random(hosts=10000, vms=216000, sizes=uniform, min=1024, max=16384, capacity=393216, target=shuffle)' --timeout 60s
  generated "1,000 hosts of flavours, 60 % full, a walk" 'flavours(hosts=1000, migrations=20000)' --timeout 2s
  generated "1,000 hosts of flavours, 60 % full, shuffled" 'flavours(hosts=1000, target=shuffle)' --timeout 2s
  cat <<'TEXT'

Where slots decide, the bound is met. In the clouds of flavours many hosts are full, and chains of VMs wait for each other's room. The bound knows little of such
chains, and the search improves slowly.

## Why migrations have to be admitted

The instance vms_scale-x18-1 again, with VMs that dirty memory at up to 51 MB/s, and pre-copy that goes on until it converges:

| model | schedule |
|:---|:---|
TEXT
  shared
  cat <<'TEXT'

If all migrations share the links fairly and all may start, hot VMs get less bandwidth than they dirty memory and go on for hours. With admission, a migration starts only
where all keep a rate at which they converge. One that starts later at its full rate ends sooner.
TEXT
} >docs/schedules.md
