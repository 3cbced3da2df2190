#!/usr/bin/env bash
# Regenerates docs/campaign.md and its picture, in about a minute: from the reference results of the suite campaign, and from runs of
# that suite on clouds that do not check what they are asked for.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go build -o "$work/rearrange" ./cmd/rearrange

campaign=results/reference/campaign
unchecked=$work/unchecked

# A table of the runs of a folder for which something holds, without its heading and caption.
table() { "$work/rearrange" table "$2" "$1" --where "$3" --format markdown 2>/dev/null | grep '^|'; }

# The same suite on clouds that carry out whatever can be carried out, on one day. Runs that break rules end it with an exit code.
sed 's/deviation=3/deviation=3, checks=no/; s/^seeds: .*/seeds: 1/; s/^name: .*/name: unchecked/; s/on: \[simulation,.*/on: "simulation(checks=no)"/' experiments/suites/campaign.yaml >"$work/unchecked.yaml"
"$work/rearrange" run -j 1 -o "$unchecked" "$work/unchecked.yaml" >/dev/null 2>&1 || [ $? -eq 1 ]

"$work/rearrange" plot 'box(metric=extra-time, compare=[on], x-scale=linear)' "$campaign" --where 'executor == "adaptive" && on.deviation == 3 && on.deaths == 0' -o docs/campaign.png 2>/dev/null

{
  cat <<'TEXT'
# What becomes of plans when clouds misbehave

`docs/campaign.sh` generates this page from the [reference results](../results/reference/README.md) of the suite
[campaign](../experiments/suites/campaign.yaml) and from runs of it; the text between the tables is written by hand.

A schedule is a promise that nothing fails and everything takes as long as expected. Here 22 schedules of generated clouds, of 10 to 40 hosts that are 60 to 90 % full, are carried out on
simulated clouds. Steps take up to three times as long as expected, or down to a third of it, and a share of them fails: their VMs stay where they were, and
what comes next may lack the room that it counts on. Each schedule is carried out on three days; on one day, all executors meet the same faults.

| executor | what it does |
|:---|:---|
| `adaptive` | begins a step as soon as rules and limits let it, in whatever order others end; tries again what failed; looks for another path where the cloud has changed |
| `in-order` | a script: one step after the other; one that fails or is refused is skipped |
| `in-batches` | a script: as many steps as may begin together, then waits for the slowest; the same of failures |

Every execution is judged by the log of the cloud, with code that executors do not share: no step may begin that breaks a rule at that time, none may be started twice, and what the
executor's journal says must have happened. All hosts of a step are charged from its beginning to its end.

## Steps that fail

Steps that would break a rule are refused by these clouds. The target counts as reached if every VM stands there in the end. Extra cost is that of all steps that the cloud
accepted, failed ones included, over the plan's; extra time is over the schedule's makespan. Both are of the plans that the executor carried through on all three days: extra cost is their mean, and extra time their median. Survived are the
executions that met a fault and reached the target anyway.

TEXT
  table "$campaign" executions 'on.deviation == 3 && on.deaths == 0'
  cat <<'TEXT'

![Extra time of the adaptive executor by the share of steps that fail, one point per plan.](campaign.png)

- Without any failure, `adaptive` takes about one and a half times as long as planned: the mean step takes 1.21 times as long as expected, and the last of several more than that. In
  batches, all wait for the slowest; one at a time, nothing runs in parallel.
- One failure is enough for a script to miss the target: it skips the step, and the cloud refuses what relied on it. Where steps fail, no script carried any plan through on all
  three days, so that it has no extra cost and time there.
- Each failure costs about its own step again, so that the extra cost of `adaptive` follows the rate of failure: a share f of steps that fail needs 1 / (1 - f) times as many.

## A bad day

Beside 2 % of failures: one host dies, three foreign VMs come, one migration in a hundred never converges, the executor is killed twice and resumed from its journal, and
for two minutes the cloud's scheduler believes that a VM that has left a host is still there.

TEXT
  table "$campaign" executions 'on.deviation == 3 && on.deaths == 1'
  cat <<'TEXT'

The VMs of the dead host are down, and others have lost their target, so that `adaptive` looks for another target and another path, and provisions VMs elsewhere. The executions that miss are
of clouds of ten hosts, 90 % full: with a host gone and foreign VMs in the way, `adaptive` proves that no target exists. Astray are the VMs that do not stand where the plan leads, in the end:

TEXT
  table "$campaign" 'table(rows=[executor], columns=[share(execution-reached), mean(astray), mean(surprises), mean(replans), mean(resumes), mean(aborts), mean(given-up)])' 'on.deviation == 3 && on.deaths == 1'
  cat <<'TEXT'

Which of these costs what? One kind of fault each, and durations as expected:

TEXT
  table "$campaign" 'executions(group=on)' 'on.deviation == 1'
  cat <<'TEXT'

- Without faults, `adaptive` takes as long as the schedule says.
- A scheduler that lags behind is worst. Room that has become free is refused for two minutes, and most of these plans take less than that.
- A migration that does not converge is aborted when it has taken ten times its duration and a minute.
- Foreign VMs and the end of the executor cost next to nothing.
- A dead host costs little but the target of the clouds of ten hosts that are 90 % full, for which none is found on the other nine.

## Clouds that do not check

The same on clouds that carry out whatever they are asked for, as when a migration is forced to a host, one day each. Executions in which the judge found broken rules are `invalid`:

TEXT
  table "$unchecked" 'table(rows=[on.failures, executor], columns=[count(invalid), mean(violations, digits=1), max(violations, digits=0)])' 'on.deviation == 3 && on.deaths == 0'
  echo
  echo "On the bad day:"
  echo
  table "$unchecked" 'table(rows=[executor], columns=[count(invalid), mean(violations, digits=1), max(violations, digits=0)])' 'on.deaths > 0'
  cat <<'TEXT'

A script that goes on after a failure overfills hosts, unless the cloud stops it. `adaptive` asks the rules itself, with both hosts of all VMs under way charged.
TEXT
} >docs/campaign.md
