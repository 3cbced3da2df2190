#!/usr/bin/env bash
# Makes the reference results anew: runs suites one run at a time, keeps their records here,
# and what is best known of their instances in results/best. Takes about 50 minutes
# with all suites; arguments name some of them. The pages of docs/ are made of them by
# docs/*.sh.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go build -o "$work/rearrange" ./cmd/rearrange
[ $# -gt 0 ] || set -- classic field exact soaktest frontier phase displacement scale near-capacity small-hard targets numa reach trade reassign mvm steps schedules campaign faster
for suite; do
  "$work/rearrange" run -j 1 -o "$work/$suite" "experiments/suites/$suite.yaml" >/dev/null
  mkdir -p "results/reference/$suite"
  cp "$work/$suite/suite.yaml" "results/reference/$suite/"
  gzip -9 -n -c "$work/$suite/records.jsonl" >"results/reference/$suite/records.jsonl.gz"
  "$work/rearrange" best "results/reference/$suite" -o "results/best/$suite.jsonl"
done
