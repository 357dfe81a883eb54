#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Planted bugs are in the build that is for them and in no other: the variable that chooses one is no
# symbol of the other programs, and nothing that reads it is left.
set -euo pipefail
planted=$1
shift
if [[ $(nm "$planted") != *' planted_bug'* ]]; then
    echo "$planted has no planted bugs: this test would find nothing"
    exit 1
fi
for program in "$@"; do
    if [[ $(nm "$program") == *' planted_bug'* ]]; then
        echo "$program has planted bugs in it"
        exit 1
    fi
done
