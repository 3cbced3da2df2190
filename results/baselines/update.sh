#!/usr/bin/env bash
# Makes the baselines anew, having shown what changes: results/baselines/update.sh
#
# With --check it makes none, and ends with exit code 6 if a solver got worse: what CI does.
set -euo pipefail
cd "$(dirname "$0")/../.."

check=
case "${1-}" in
  "") ;;
  --check) check=yes ;;
  *) echo "usage: $0 [--check]" >&2; exit 2 ;;
esac

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go build -o "$work/rearrange" ./cmd/rearrange

suites="classic gate gate-plans gate-mending gate-targets gate-schedules"
worse=0
for suite in $suites; do
  "$work/rearrange" run "experiments/suites/$suite.yaml" -o "$work/$suite" >"$work/log" 2>&1 || {
    cat "$work/log"
    exit 1
  }
  baseline=results/baselines/$suite.jsonl.gz
  if [ -e "$baseline" ]; then
    echo "== $suite: from the baseline to this program"
    "$work/rearrange" compare "$baseline" "$work/$suite" --thresholds results/baselines/thresholds.yaml || worse=$?
  elif [ -n "$check" ]; then
    echo "$baseline is missing: make it with $0" >&2
    exit 2
  fi
done
if [ -n "$check" ]; then
  exit "$worse"
fi
for suite in $suites; do
  # By instance: records stand in the order in which runs happened to end.
  LC_ALL=C sort -t '"' -k 12 "$work/$suite/records.jsonl" | gzip -9n >"results/baselines/$suite.jsonl.gz"
done
ls -l results/baselines/*.gz
