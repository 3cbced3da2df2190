#!/usr/bin/env bash
# Runs an earlier build of the program on the instances of the suite near-capacity, under
# the same limits: for comparison in docs/scale.md. The instances are made by this revision,
# as earlier ones cannot make all of them. Needs the records of make.sh near-capacity; takes
# about a quarter of an hour.
#   results/reference/before.sh PROGRAM
set -euo pipefail
program=$(realpath "$1")
cd "$(dirname "$0")/../.."
kept=results/reference/near-capacity-before
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go build -o "$work/rearrange" ./cmd/rearrange

# Each instance goes to the folder of its time limit.
count=0
gunzip -c results/reference/near-capacity/records.jsonl.gz |
  sed -E 's/.*"instance":"([^"]*)#([0-9]+)".*"timeout_s":([0-9]+).*/\3\t\2\t\1/' | sort -u |
  while IFS=$'\t' read -r timeout seed family; do
    mkdir -p "$work/$timeout"
    "$work/rearrange" generate "$family" --seed "$seed" -o "$work/$timeout/$((count += 1)).json.zst"
  done
{
  cat <<'TEXT'
format: rearrange/suite/1
name: near-capacity-before
description: The instances of the suite near-capacity, for an earlier build of the program.
instances:
TEXT
  for folder in "$work"/[0-9]*/; do
    seconds=$(basename "$folder")
    memory=2GiB
    [ "$seconds" -lt 60 ] || memory=6GiB
    echo "  - {file: \"$folder*.json.zst\", limits: {timeout: ${seconds}s, memory: $memory}}"
  done
  cat <<'TEXT'
algorithms: [auto]
TEXT
} >"$work/suite.yaml"
"$program" run -j 1 -o "$work/before" "$work/suite.yaml" >/dev/null
mkdir -p $kept
sed -i "s|$work/||" "$work/before/suite.yaml"
cp "$work/before/suite.yaml" $kept/
# Records of version 1 hash the name, too, and know no classes: these are those of the records of
# this revision.
gunzip -c results/reference/near-capacity/records.jsonl.gz |
  sed -nE 's/.*"instance":"([^"]*)","class":"([^"]*)".*"instance_sha256":"([0-9a-f]*)".*/\1\t\2\t\3/p' | sort -u >"$work/known"
awk -F '\t' '
  NR == FNR { class[$1] = $2; hash[$1] = $3; next }
  match($0, /"instance":"[^"]*"/) {
    name = substr($0, RSTART + 12, RLENGTH - 13)
    sub(/"instance_sha256":"[0-9a-f]*"/, "\"class\":\"" class[name] "\",\"instance_sha256\":\"" hash[name] "\"")
    print
  }
' "$work/known" "$work/before/records.jsonl" | gzip -9 -n -c >$kept/records.jsonl.gz
