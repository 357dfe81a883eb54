# Goal: a stranger's first hour: a venue with TLS and made credentials, an order, its fill, the venue
# killed and started again, the same history, and each exit code. Method: `dojima run` and
# `dojima order` as processes, OUCH and native.
. "$(dirname "$0")/lib.sh"
take_ports
order_ports="--set ouch.listen=127.0.0.1:$port --set native.listen=127.0.0.1:$((port + 1))"
venue=
trap 'kill -9 $venue ${alice_pid:-} 2>/dev/null; rm -rf "$work"' EXIT

start_venue() {
  : >started # of the start before
  # shellcheck disable=SC2086
  "$dojima" run --data data --role engine,gateway --idle sleep --json $order_ports >started 2>venue.err &
  venue=$!
  listens started venue.err
}

# holds FILE TEXT COUNT
holds() {
  [ "$(grep -cF -- "$2" "$1")" -eq "$3" ] || { cat "$1" >&2; fail "$1 should have $3 of: $2"; }
  checks=$((checks + 1))
}

start_venue
passwords started

# Alice stays.
coproc alice { order ALICE1 --json --script - >alice.out 2>alice.err; }
alice_pid=$alice_PID # bash forgets its own once it has ended
echo 'buy 100 RICE 10.25   # rests' >&"${alice[1]}"
heard '"event":"accepted"'
expect 0 order BOBBY1 --json sell 60 RICE 10.25 ioc
holds out '"event":"executed"' 1
match=$(sed -n 's/.*"match":"\([0-9]*\)".*/\1/p' out)
heard "\"match\":\"$match\""

# The venue dies and comes back; alice's session goes on by itself, and nothing is told twice.
kill -9 "$venue"
wait "$venue" 2>/dev/null
expect 0 "$dojima" identity make-key
cp out bobby.key
expect 0 "$dojima" identity set-key --name BOBBY1 --key "$(sed -n 's/^key *//p' bobby.key)" --data data
start_venue
expect 0 order BOBBY1 --json sell 5 SILK 20.00
echo 'cancel 1   # what is left of it' >&"${alice[1]}"
heard '"event":"cancelled"'
holds alice.out '"quantity":40' 1
holds alice.out '"event":"executed"' 1
holds alice.out '"event":"accepted"' 1
expect 0 order BOBBY1 --json history
holds out "\"match\":\"$match\"" 1
# A repeat of what was done: OUCH history of alice from a fresh start is what her session was told.
echo quit >&"${alice[1]}"
wait "$alice_pid" || fail "alice's script ended with $?: $(cat alice.err)"
expect 0 order ALICE1 --json history
grep -F '"event":' alice.out | sort >told
sort out >history
cmp told history || fail "history differs from what alice was told"
checks=$((checks + 1))

# Native, and the codes of refusals.
native() { order BOBBY1 --protocol native --to "127.0.0.1:$((port + 1))" "$@"; }
expect 0 native --json buy 3 2 19.99
holds out '"event":"accepted"' 1
expect 7 native cancel 4000000
expect 7 order BOBBY1 buy 1 NOSUCH 1.00
expect 2 order BOBBY1 buy 1 RICE
expect 2 order BOBBY1 hold 1
says 'say buy, sell'
echo wrong >wrong
# By key instead of password, at both doors: the seed stays here, the venue has read the public half.
by_key() { timeout 60 "$dojima" order --session BOBBY1 --key "$@" --trust data/tls.crt; }
chmod 600 bobby.key
expect 0 by_key bobby.key --to "127.0.0.1:$port" buy 1 RICE 1.00
expect 0 by_key bobby.key --to "127.0.0.1:$((port + 1))" --protocol native history
sed -n 's/^seed \([0-9a-f]*\).*/\1/p' bobby.key >seed.key
chmod 600 seed.key
expect 0 by_key seed.key --to "127.0.0.1:$port" history
expect 0 "$dojima" identity make-key
cp out other.key
chmod 600 other.key ALICE1
expect 5 by_key other.key --to "127.0.0.1:$port" history
expect 2 by_key ALICE1 --to "127.0.0.1:$port" history
expect 2 by_key no-such.key --to "127.0.0.1:$port" history
expect 2 by_key bobby.key --password-file BOBBY1 --to "127.0.0.1:$port" history
chmod 644 bobby.key
expect 2 by_key bobby.key --to "127.0.0.1:$port" history
grep -q 'chmod 600' err || fail "nothing said about the mode of the key"
expect 5 "$dojima" order --session ALICE1 --password-file wrong --trust data/tls.crt --to "127.0.0.1:$port" history
expect 4 "$dojima" order --session ALICE1 --password-file ALICE1 --seconds 1 --trust data/tls.crt --to "127.0.0.1:$((port + 2))" history

# A venue that does not answer any more: nobody knows whether the order is in.
coproc alice { order ALICE1 --seconds 2 --script - >alice.out 2>alice.err; }
alice_pid=$alice_PID # bash forgets its own once it has ended
echo 'buy 1 TEA 5.00' >&"${alice[1]}"
heard accepted
kill -STOP "$venue"
echo 'buy 2 TEA 5.00' >&"${alice[1]}"
code=0
wait "$alice_pid" || code=$?
kill -CONT "$venue"
[ "$code" -eq 8 ] || { cat alice.err >&2; fail "exit code $code, expected 8"; }
grep -q 'dojima order history' alice.err || fail "nothing said about history"
checks=$((checks + 2))

# A load of a moment, then a clean stop.
paste -d ' ' <(printf 'ALICE1\nBOBBY1\n') <(cat ALICE1 BOBBY1) >credentials
expect 0 "$dojima" load --trust data/tls.crt --to "127.0.0.1:$port" --credentials credentials --sessions 2 \
  --rate 500 --seconds 1 --warmup 0 --json --hdr load.hgrm
grep -q '"sent":500,' out || fail "load did not send 500: $(cat out)"
grep -q '"unanswered":0,' out || fail "answers are missing: $(cat out)"
grep -q 'Total count    =          500' load.hgrm || fail "the percentile file has not 500: $(tail -1 load.hgrm)"
checks=$((checks + 3))
kill -TERM "$venue"
code=0
wait "$venue" || code=$?
[ "$code" -eq 0 ] || { cat venue.err >&2; fail "the venue ended with $code"; }
expect 0 "$dojima" log verify data --full
# A processor of its own: the trading loop there, every other thread elsewhere.
rm -rf data
if [ "$(nproc)" -ge 2 ]; then
  core=$(taskset -pc $$ | sed 's/.*: *//; s/[-,].*//')
  order_ports="$order_ports --set run.core=$core"
  start_venue
  for thread in /proc/"$venue"/task/*; do
    where=$(sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' "$thread/status")
    if [ "${thread##*/}" = "$venue" ]; then
      [ "$where" = "$core" ] || fail "the trading loop may run on $where"
    else
      [[ ",$where," != *",$core,"* && $where != "$core-"* ]] || fail "a worker may run on $where"
    fi
    checks=$((checks + 1))
  done
  kill -TERM "$venue" && wait "$venue"
  venue=
fi
expect 3 "$dojima" run --data data2 --set run.core=4095
says "this process has no processor 4095"
expect 3 "$dojima" run --data data2 --set run.core=one
says "run.core is a processor's number"

passed
