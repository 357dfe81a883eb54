# Goal: a venue of an older release goes on under this one, by its own rules until the operator says
# otherwise, and after any restart. Method: the golden log of 0.1 as the data directory of `dojima run`:
# status, new rules, kill -9, start again; the whole log compared with what the engine makes. (Orders
# behind an upgrade: engine.logic, sequencer.sequencer, the simulator.)
. "$(dirname "$0")/lib.sh"
take_ports
venue=
trap 'kill -9 $venue 2>/dev/null; rm -rf "$work"' EXIT
xz -dc "$source/../golden/logs/0.1/1.tar.xz" | tar x || fail "no golden log"
mv 1 data

start_venue() {
  : >started # of the start before
  "$dojima" run --data data --role engine,gateway --idle sleep --json \
    --set "ouch.listen=127.0.0.1:$port" --set "native.listen=127.0.0.1:$((port + 1))" >started 2>venue.err &
  venue=$!
  listens started venue.err
}

# ctl_says NAME VALUE: a figure of `ctl status`, soon.
ctl_says() {
  for _ in $(seq 50); do
    "$dojima" ctl status --data data >out 2>err && grep -qE "^$1 +$2\$" out && { checks=$((checks + 1)); return; }
    sleep 0.1
  done
  cat out err >&2
  fail "ctl status should say $1 $2"
}

expect 0 "$dojima" log verify --full data
start_venue
ctl_says logic 1
ctl_says logic_newest 2
expect 7 "$dojima" ctl group 1 decrement --data data # which the older release had not
says "rules that do not have this kind of command"
expect 7 "$dojima" ctl logic 3 --data data
says "upgrade first"
expect 7 "$dojima" ctl logic 1 --data data # logged, it would be what the older release cannot read
says "older rules do not come back"
ctl_says logic 1
"$dojima" log dump data | grep -q " logic_version logic_version=" && fail "rules that are not later are in the log"
checks=$((checks + 1))
expect 0 "$dojima" ctl logic 2 --data data
ctl_says logic 2
kill -9 "$venue"
wait "$venue" 2>/dev/null
start_venue
ctl_says logic 2
expect 0 "$dojima" ctl group 1 decrement --data data
expect 7 "$dojima" ctl logic 1 --data data
ctl_says logic 2
kill "$venue"
wait "$venue" || fail "no clean stop: $(cat venue.err)"
expect 0 "$dojima" log verify --full data
"$dojima" log dump --json data >dump
wanted='"event":"logic_changed","before":1,"logic_version":2'
grep -qF -- "$wanted" dump || fail "the log lacks: $wanted"
checks=$((checks + 1))

passed
