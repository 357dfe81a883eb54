# Goal: a disk that fills up costs no order: new ones are refused in time, cancels pass, new ones are
# taken again once there is room; without room for one more segment the venue stops by itself, sealed.
# Method: `dojima run` on a small file system of its own, a file beside the log that takes the room.
. "$(dirname "$0")/lib.sh"
mkdir small
mount -t tmpfs -o size=160m dojima-test small 2>/dev/null || {
  echo "skipped: a file system of 160 MiB cannot be mounted here (needs root)"
  exit 77
}
venue=
data=small/data
trap 'kill -9 $venue ${alice_pid:-} 2>/dev/null; umount -l "$work/small"; rm -rf "$work"' EXIT
take_ports
order_ports="--set ouch.listen=127.0.0.1:$port --set native.listen=127.0.0.1:$((port + 1))"

# Segments of 4 MiB: 16 MiB are the reserve of both logs, 8 MiB the end.
# shellcheck disable=SC2206
run_venue=("$dojima" run --data "$data" --role engine,gateway --idle sleep --json $order_ports
  --set data.segment_bytes=4MiB)

start_venue() {
  : >started
  "${run_venue[@]}" >started 2>venue.err &
  venue=$!
  listens started venue.err
}

# told TEXT: the venue has said so.
told() {
  for _ in $(seq 100); do
    grep -qF -- "$1" venue.err && { checks=$((checks + 1)); return; }
    sleep 0.1
  done
  cat venue.err >&2
  fail "the venue did not say: $1"
}

# leave MIB: takes all other room of the file system.
leave() {
  rm -f small/other
  local free
  free=$(df --output=avail -k small | tail -1)
  fallocate -l "$((free - $1 * 1024))k" small/other
}

start_venue
passwords started
coproc alice { order ALICE1 --json --script - >alice.out 2>alice.err; }
alice_pid=$alice_PID # bash forgets its own once it has ended
echo 'buy 100 RICE 10.25' >&"${alice[1]}"
heard '"event":"accepted"'

leave 12
told "1 more segment of each log, 2 are kept in reserve"
echo 'buy 7 RICE 10.25' >&"${alice[1]}"
heard 'LOG_NEARLY_FULL' alice.err
expect 7 order BOBBY1 --to "127.0.0.1:$((port + 1))" --protocol native buy 8 2 10.25
says 'LOG_NEARLY_FULL'
expect 0 "$dojima" ctl status --data "$data" --json
grep -qF '"log_segments_of_room": 1' out || grep -qF '"log_segments_of_room":1' out || fail "ctl status: $(cat out)"
echo 'cancel 1' >&"${alice[1]}"
heard '"event":"cancelled"'

rm small/other
told "has room again"
echo 'buy 9 RICE 10.00' >&"${alice[1]}"
heard '"quantity":9'

leave 6
told "the venue stops"
wait "$venue"
code=$?
[ "$code" -eq 1 ] || fail "a venue without room ended with $code"
venue=
kill "$alice_pid" 2>/dev/null
expect 0 "$dojima" log verify "$data"
expect 0 "$dojima" log stat "$data" --json
[ "$(grep -oF '"sealed": true' out | wc -l)" -eq 2 ] || fail "the logs should be sealed: $(cat out)"
expect 1 "${run_venue[@]}"
says "no room for another segment"
says "start it again"

rm small/other
start_venue
expect 0 order ALICE1 --json history
[ "$(grep -cF '"event":"accepted"' out)" -eq 2 ] || fail "history: $(cat out)"
kill "$venue"
wait "$venue" || fail "the last venue ended with $?"
venue=
echo "$checks checks"
