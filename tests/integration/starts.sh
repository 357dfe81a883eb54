# Goal: a start that cannot go on says what to do about it, and leaves nothing that refuses the next one.
# Method: too few open files, at every number; no log to resume; a directory for the lock; a stop beside
# connections that never log on.
. "$(dirname "$0")/lib.sh"
expect 0 "$dojima" generate --out day.itch --messages 400 --instruments 3 --seed 3

refused=0
for count in 5 6 7 8 9 10 11 12 13 14 15 16; do
  code=0
  limited "$count" "$dojima" replay day.itch --data few --json >out 2>err || code=$?
  [ "$code" -ne 0 ] || { rm -r few; continue; }
  [ "$code" -eq 3 ] || { cat err >&2; fail "replay with $count open files ends with $code"; }
  says "ulimit -n"
  [ ! -e few ] || fail "a replay with $count open files left: $(find few)"
  refused=$((refused + 1))
done
[ "$refused" -ge 4 ] || fail "only $refused limits were too small"
expect 0 "$dojima" replay day.itch --data few --json
hash=$(field state_hash)
same rejected 0
for count in 6 10 20 40; do
  expect 3 limited "$count" "$dojima" run --data few-venue
  says "ulimit -n"
  [ ! -e few-venue ] || fail "a venue with $count open files left: $(find few-venue)"
done

# --resume without a log: anew, and said so; not among files of somebody else's.
expect 0 "$dojima" replay day.itch --data none --resume --json
says "begun anew"
same state_hash "$hash"
expect 0 "$dojima" replay day.itch --data none --resume --json
if grep -q anew err; then fail "a log that is gone on with is called new"; fi
mkdir foreign && : >foreign/precious
expect 2 "$dojima" replay day.itch --data foreign --resume
says "holds no log"
[ "$(ls foreign)" = precious ] || fail "a refused --resume left: $(ls foreign)"

mkdir -p locked/commands/LOCK
expect 2 "$dojima" replay day.itch --data locked --resume
says "locked/commands/LOCK is a directory"
says "move it away"

expect 2 "$dojima" log dump few --from 10 --to 5
says "--from 10"
says "--to 5"
expect 0 "$dojima" log dump few --from 5 --to 5

# Memory that cannot be had is named, with what to lower; nothing that refuses the next start is left.
starved() (
  ulimit -v 600000
  exec "$@"
)
# The address sanitizer asks for more addresses than that before main: there the case cannot be had.
if grep -qa __asan_init "$dojima"; then
  echo "skipped under the address sanitizer: a limit of addresses"
else
  expect 3 starved "$dojima" replay day.itch --data starved --max-orders 20000000
  says "MiB of memory: choose smaller --max-orders"
  [ ! -e starved ] || fail "a replay without memory left: $(find starved)"
  expect 3 starved "$dojima" run --data starved-venue --set limits.orders=20000000
  says "limits.orders"
  rm -rf starved-venue
fi

# A connection that has not logged on holds up no stop.
take_ports
settings="--set ouch.listen=127.0.0.1:$port --set native.listen= --set feed.soup_listen= --set feed.glimpse_listen=
  --set feed.retransmission_listen= --set tls.enabled=false"
# start_venue: on the data directory `venue`; its number in $venue, its output in run.out and run.err.
start_venue() {
  : >run.out
  # shellcheck disable=SC2086
  "$dojima" run --data venue --role engine,gateway --idle sleep --json $settings >run.out 2>run.err &
  venue=$!
  for _ in $(seq 200); do
    [ -s run.out ] && break
    sleep 0.05
  done
}
start_venue
exec 7<>"/dev/tcp/127.0.0.1/$port" || { cat run.err >&2; fail "the venue does not listen"; }
sleep 0.3
began=$(date +%s%N)
kill -TERM "$venue"
wait "$venue" || { cat run.err >&2; fail "the venue did not stop well"; }
took=$((($(date +%s%N) - began) / 1000000))
[ "$took" -lt 2500 ] || fail "a stop took $took ms beside a connection that never logged on"
exec 7>&-
checks=$((checks + 1))

# A venue whose log is gone says that it begins anew.
rm venue/commands/*.segment venue/events/*.segment
start_venue
kill -TERM "$venue"
wait "$venue" || { cat run.err >&2; fail "the venue that began anew did not stop well"; }
grep -q "a new log begins" run.err || fail "nothing is said of a log that is gone: $(cat run.err)"
checks=$((checks + 1))
passed
