# Goal: `dojima snapshot` and `dojima run` agree on what a snapshot is: made beside a running venue and by
# it, started from, passed over when damaged, refused when it is ahead of the log or of another one.
# Method: the binary; the log of a replay; copies of logs from before.
. "$(dirname "$0")/lib.sh"
expect 0 "$dojima" generate --out day.itch --messages 30000 --instruments 20 --seed 5
expect 0 "$dojima" replay day.itch --data venue --segment-bytes 262144 --json
hash=$(field state_hash)

expect 0 "$dojima" snapshot --data venue --list
grep -q "there is no snapshot" out || fail "a list of none: $(cat out)"
cp -r venue before
expect 0 "$dojima" snapshot --data venue --json
grep -q '"made": true' out || fail "no snapshot was made: $(cat out)"
grep -q "\"state_hash\": \"$hash\"" out || fail "the state hash is not $hash: $(cat out)"
expect 0 "$dojima" snapshot --data venue --json
grep -q '"made": false' out || fail "a second one was made of the same log: $(cat out)"
expect 0 "$dojima" snapshot --data venue --list --verify --json
grep -q "\"snapshots\": \[{\"ok\": true" out || fail "the list: $(cat out)"
file=$(ls venue/snapshots/*.snapshot)
checks=$((checks + 1))

# flip OFFSET: one bit of the snapshot.
flip() {
  local byte
  byte=$(od -An -tu1 -j "$1" -N1 "$file" | tr -d ' ')
  # shellcheck disable=SC2059
  printf "$(printf '\\x%02x' $((byte ^ 1)))" | dd of="$file" bs=1 seek="$1" conv=notrunc status=none
}
flip 5000
expect 1 "$dojima" snapshot --data venue --list --verify
grep -q BAD out || fail "a damaged one is listed as: $(cat out)"
expect 0 "$dojima" snapshot --data venue --json
says "is damaged: starting from an older one, or from the beginning of the log"
expect 0 "$dojima" snapshot --data venue --list --verify

# The snapshot of a log that is longer, and of another one.
expect 0 "$dojima" generate --out short.itch --messages 3000 --instruments 20 --seed 5
expect 0 "$dojima" replay short.itch --data shorter --max-orders 4096 --json
mkdir shorter/snapshots && cp "$file" shorter/snapshots/
expect 1 "$dojima" snapshot --data shorter
expect 0 "$dojima" generate --out other.itch --messages 30000 --instruments 20 --seed 6
expect 0 "$dojima" replay other.itch --data other --segment-bytes 262144 --json
mkdir other/snapshots && cp "$file" other/snapshots/
expect 1 "$dojima" snapshot --data other
says "not of this"

# A venue that starts from one, makes one, and is killed while it makes one.
take_ports
settings="--set ouch.listen=127.0.0.1:$port --set native.listen= --set feed.soup_listen= --set feed.glimpse_listen=
  --set feed.retransmission_listen= --set tls.enabled=false --set snapshot.interval=1s --set snapshot.compact=true"
start_venue() {
  : >run.out
  # shellcheck disable=SC2086
  "$dojima" run --data run --role engine,gateway --idle sleep --json $settings >run.out 2>run.err &
  venue=$!
  for _ in $(seq 200); do
    [ -s run.out ] && break
    sleep 0.05
  done
}
stop_venue() {
  kill -"$1" "$venue"
  wait "$venue" 2>/dev/null
  checks=$((checks + 1))
}
start_venue
for _ in $(seq 200); do
  ls run/snapshots/*.snapshot >/dev/null 2>&1 && break
  sleep 0.05
done
ls run/snapshots/*.snapshot >/dev/null 2>&1 || { cat run.err >&2; fail "the venue made no snapshot"; }
stop_venue KILL
for _ in 1 2 3; do
  start_venue
  sleep 0.4
  stop_venue TERM
  [ ! -s run.err ] || fail "the venue says: $(cat run.err)"
done
expect 0 "$dojima" snapshot --data run --list --verify
expect 0 "$dojima" log verify run
expect 0 "$dojima" snapshot --data run
settings="$settings --set snapshot.make=off"
start_venue
stop_venue TERM
[ ! -s run.err ] || fail "the venue says: $(cat run.err)"

# A log that lost what its snapshot proves is not gone on with.
rm run/commands/*.segment run/events/*.segment
code=0
# shellcheck disable=SC2086
timeout 10 "$dojima" run --data run --role engine,gateway --idle sleep --json $settings >run.out 2>run.err || code=$?
[ "$code" -eq 1 ] || fail "a venue without its log ends with $code: $(cat run.err)"
checks=$((checks + 1))

# Compacted segments: the same log for everyone.
expect 0 "$dojima" log stat venue --json
cp out stat.before
expect 0 "$dojima" log compact venue --json
grep -q '"segments": 0' out && fail "nothing was compacted: $(cat out)"
expect 0 "$dojima" log compact venue
grep -q "no finished segment is left" out || fail "compacted twice: $(cat out)"
expect 0 "$dojima" log stat venue --json
cmp -s out stat.before || fail "stat differs after compaction: $(cat out)"
cp -r venue again
expect 0 "$dojima" replay day.itch --data again --resume --json
same state_hash "$hash"

# Restarted logs give what they gave.
expect 0 "$dojima" log verify venue --full
expect 0 "$dojima" replay day.itch --data before --resume --json
same state_hash "$hash"
passed
