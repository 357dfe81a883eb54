#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# One seed gives one life, bit for bit: the same object with all its counts and the digest of everything
# that was shown; another seed gives another one.
set -euo pipefail
simulator=$1
for seed in 3 11 42 1000; do
    once=$("$simulator" --seed "$seed" --json)
    again=$("$simulator" --seed "$seed" --json)
    other=$("$simulator" --seed $((seed + 1)) --json)
    if [[ $once != "$again" ]]; then
        printf 'seed %s gave two lives:\n%s\n%s\n' "$seed" "$once" "$again"
        exit 1
    fi
    if [[ ${once#*digest} == "${other#*digest}" ]]; then
        echo "seeds $seed and $((seed + 1)) gave one life"
        exit 1
    fi
done
history=$(mktemp)
trap 'rm -f "$history" "$history.again"' EXIT
"$simulator" --seed 5 --history "$history" >/dev/null
"$simulator" --seed 5 --history "$history.again" >/dev/null
cmp "$history" "$history.again"
[[ -s $history ]]
