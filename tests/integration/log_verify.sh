# Goal: `log verify` finds every flipped bit of the log and names a sequence; dump and stat read what
# is whole. Method: a small replay; thirty single bits turned over at random, one at a time, from the
# first byte to the seal; each must be found, and the log is whole again afterwards.
. "$(dirname "$0")/lib.sh"
expect 0 "$dojima" generate --out day.itch --messages 2000 --instruments 20 --seed 9
expect 0 "$dojima" replay day.itch --data log --json --segment-bytes 131072
commands=$(field commands)
events=$(field events)
expect 0 "$dojima" log verify log
expect 0 "$dojima" log verify log --full --json
grep -q "\"ok\": true, \"commands\": $commands, \"events\": $events" out || fail "verify counts otherwise"
expect 0 "$dojima" log dump log --only commands
[ "$(wc -l <out)" -eq "$commands" ] || fail "dump shows $(wc -l <out) commands of $commands"
expect 0 "$dojima" log dump log --only events --json
[ "$(wc -l <out)" -eq "$events" ] || fail "dump shows $(wc -l <out) events of $events"
expect 0 "$dojima" log dump log --from 100 --to 109 --only commands
[ "$(wc -l <out)" -eq 10 ] || fail "dump of ten commands shows $(wc -l <out)"
head -1 out | grep -q '^c100 ' || fail "dump --from 100 begins with: $(head -1 out)"
expect 0 "$dojima" log stat log --json

flip() { # flip FILE BIT
  local at=$(($2 / 8)) byte
  byte=$(od -An -tu1 -j "$at" -N 1 "$1")
  printf "\\x$(printf %02x $((byte ^ (1 << ($2 % 8)))))" |
    dd of="$1" bs=1 seek="$at" conv=notrunc status=none
}

RANDOM=4711
mapfile -t files < <(find log -name '*.segment' | sort)
for _ in $(seq 30); do
  file=${files[$((RANDOM % ${#files[@]}))]}
  bit=$(((RANDOM * 32768 + RANDOM) % ($(stat -c %s "$file") * 8)))
  flip "$file" "$bit"
  expect 1 "$dojima" log verify log
  grep -Eq 'BAD (commands|events) log at sequence [0-9]+' out || fail "no sequence named: $(cat out)"
  flip "$file" "$bit"
done
expect 0 "$dojima" log verify log --full
passed
