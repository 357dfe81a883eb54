# Goal: a replay has one result: same file, fresh directory, same state hash and last sequence, at
# any speed, batch and segment size, with either ack. Method: a generated day under each of them.
. "$(dirname "$0")/lib.sh"
expect 0 "$dojima" generate --out day.itch --messages 40000 --instruments 300 --seed 11
expect 0 "$dojima" generate --out again.itch --messages 40000 --instruments 300 --seed 11
cmp day.itch again.itch || fail "one seed gave two days"
expect 0 "$dojima" generate --out other.itch --messages 40000 --instruments 300 --seed 12
if cmp -s day.itch other.itch; then fail "two seeds gave one day"; fi

expect 0 "$dojima" replay day.itch --json --data first
hash=$(field state_hash)
last=$(field last_sequence)
[ "$(field executions_checked)" -gt 500 ] || fail "too few executions checked"
same executions_same_order "$(field executions_checked)"
same unknown_references 0
run=0
for options in "" "--ack memory" "--batch-bytes 8192" "--segment-bytes 65536" "--speed 100000"; do
  run=$((run + 1))
  # shellcheck disable=SC2086 # options are words
  expect 0 "$dojima" replay day.itch --json --data "run$run" $options
  same state_hash "$hash"
  same last_sequence "$last"
done
gzip -c day.itch >day.itch.gz
expect 0 "$dojima" replay day.itch.gz --json --data zipped --max-orders 131072
expect 0 "$dojima" replay day.itch --json --data plain --max-orders 131072
events=$(field events)
expect 0 "$dojima" replay other.itch --json --data other
[ "$(field state_hash)" != "$hash" ] || fail "two days gave one state hash"
[ "$events" -gt "$last" ] || fail "fewer events than commands"
passed
