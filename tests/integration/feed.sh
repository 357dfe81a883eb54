# Goal: what a subscriber to market data sees of a running venue: the same messages on the lines and
# over TCP, from the start and behind a snapshot, also when packets are lost and after the venue was
# killed and started again; proofs that agree; the end of the session told. Method: `dojima run`,
# `dojima order` and `dojima feed listen` as processes, JSON lines compared.
. "$(dirname "$0")/lib.sh"
take_ports
ports="--set ouch.listen=127.0.0.1:$port --set native.listen=127.0.0.1:$((port + 1))
  --set feed.soup_listen=127.0.0.1:$((port + 2)) --set feed.glimpse_listen=127.0.0.1:$((port + 3))
  --set feed.retransmission_listen=127.0.0.1:$((port + 4)) --set feed.group_a=239.192.77.21:$((port + 5))
  --set feed.group_b=239.192.77.22:$((port + 5)) --set feed.proof_group=239.192.77.23:$((port + 5))"
venue=
listener=
trap 'kill -9 $venue $listener ${alice_pid:-} 2>/dev/null; rm -rf "$work"' EXIT

start_venue() {
  rm -f started
  # shellcheck disable=SC2086
  "$dojima" run --data data --idle sleep --json $ports >started 2>venue.err &
  venue=$!
  listens started venue.err
}

stop_venue() {
  local code=0
  kill -TERM "$venue"
  wait "$venue" || code=$?
  [ "$code" -eq 0 ] || { cat venue.err >&2; fail "the venue ended with $code"; }
  checks=$((checks + 1))
}

listen() {
  # shellcheck disable=SC2086
  timeout 60 "$dojima" feed listen --data data $ports --json "$@"
}

# value NAME FILE: a member of the last line.
value() {
  tail -n 1 "$2" | sed -n "s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p"
}

# is NAME VALUE FILE
is() {
  [ "$(value "$1" "$3")" = "$2" ] || { tail -n 3 "$3" >&2; fail "$3: $1 is not $2"; }
  checks=$((checks + 1))
}

# above NAME VALUE FILE
above() {
  [ "$(value "$1" "$3")" -gt "$2" ] || { tail -n 3 "$3" >&2; fail "$3: $1 is not above $2"; }
  checks=$((checks + 1))
}

messages() {
  grep '^{"sequence":' "$1"
}

start_venue
passwords started
listen --from start >whole 2>whole.err &
listener=$!

# Orders of a session that stays: with it they would leave.
coproc alice { order ALICE1 --json --script - >alice.out 2>alice.err; }
alice_pid=$alice_PID # bash forgets its own once it has ended
{
  echo buy 100 RICE 10.25
  echo buy 200 SILK 7.5
  echo sell 5 TEA 99.99
  for price in $(seq 10 49); do echo "sell 7 INDIGO $price"; done
  echo wait
} >&"${alice[1]}"
for _ in $(seq 100); do
  [ "$(grep -cF '"event":"accepted"' alice.out)" -eq 43 ] && break
  sleep 0.1
done
[ "$(grep -cF '"event":"accepted"' alice.out)" -eq 43 ] || fail "alice: $(tail -n 3 alice.out alice.err)"
expect 0 order BOBBY1 --json sell 60 RICE 10.25 ioc
match=$(sed -n 's/.*"match":"\([0-9]*\)".*/\1/p' out)

# Over TCP everything is there, and the trade is the one that the order's owner was told.
expect 0 listen --over soup --from start --seconds 2
cp out soup
is end OK soup
above proofs 0 soup
messages soup >soup.messages
grep -F '"message":"order_executed"' soup.messages | grep -qF "\"shares\":60,\"match\":\"$match\"" ||
  fail "the trade $match is not in the feed"
grep -qF '"stock":"TEA","price":"99.9900"' soup.messages || fail "99.99 is not said exactly"
checks=$((checks + 2))

# Whoever has read enough ends it by closing the pipe, and hears nothing of it.
begin=$SECONDS
listen --over soup --from start --seconds 40 2>err | head -n 1 >out
codes=("${PIPESTATUS[@]}")
[ "${codes[0]}" -eq 141 ] && [ ! -s err ] || fail "a closed pipe: ${codes[0]}, $(cat err)"
[ $((SECONDS - begin)) -lt 20 ] || fail "a closed pipe was noticed after $((SECONDS - begin)) s"
checks=$((checks + 1))

# A snapshot's book is the whole book; with lost packets the lines give all the same.
expect 0 listen --seconds 2
is hash "$(value hash soup)" out
is orders 43 out
is next_sequence "$(value next_sequence soup)" out
above snapshot_messages 43 out
expect 0 listen --from start --drop 40 --seconds 4
is hash "$(value hash soup)" out
messages out | cmp - soup.messages || fail "the lines gave something else than TCP"
above requests 0 out
checks=$((checks + 1))

# Addresses on the command line: those named are used and no other; without a snapshot's, from the start.
only() {
  timeout 60 "$dojima" feed listen --data data --json "$@"
}
expect 0 only --to "127.0.0.1:$((port + 2))" --messages 10
is end OK out
messages out >few
head -n 10 soup.messages | cmp - few || fail "--messages 10 gave something else than the first ten"
expect 0 only --to "127.0.0.1:$((port + 2))" --glimpse "127.0.0.1:$((port + 3))" --seconds 1
is hash "$(value hash soup)" out
is proofs 0 out
above snapshot_messages 43 out
expect 0 only --group-a "239.192.77.21:$((port + 5))" --retransmission "127.0.0.1:$((port + 4))" \
  --proof "239.192.77.23:$((port + 5))" --interface 127.0.0.1 --seconds 3
above proofs 0 out
messages out | cmp - soup.messages || fail "line A alone gave something else than TCP"
expect 3 only --to nowhere
says "--to"
expect 3 only --proof "239.192.77.23:$((port + 5))"
expect 4 only --to "127.0.0.1:$((port + 2))" --plain
checks=$((checks + 2))

# Killed and started again: the listener of the lines is still there, and the messages are the same.
kill -9 "$venue"
wait "$venue" 2>/dev/null
start_venue
expect 0 order BOBBY1 buy 1 RICE 1.00
sleep 1
expect 0 listen --over soup --from start --seconds 2
messages out >after
head -n "$(wc -l <soup.messages)" after | cmp - soup.messages || fail "old messages have changed"
[ "$(wc -l <after)" -gt "$(wc -l <soup.messages)" ] || fail "nothing new came"
checks=$((checks + 2))
stop_venue
code=0
wait "$listener" || code=$?
[ "$code" -eq 0 ] || { cat whole.err >&2; tail -n 3 whole >&2; fail "the listener ended with $code"; }
is end END whole
above proofs 3 whole
head -n "$(wc -l <after)" whole | cmp - after || fail "the listener of the lines saw something else"
checks=$((checks + 1))
expect 4 listen --over soup --from start

# The feed as a process of its own ends with its engine: in order, or because the engine died.
split() {
  rm -f "$1.out" # of the one before: it would be taken for the new one's
  # shellcheck disable=SC2086
  "$dojima" run --data data --idle sleep --json $ports --role "$1" >"$1.out" 2>"$1.err" &
  for _ in $(seq 100); do
    [ -s "$1.out" ] && return
    sleep 0.1
  done
  cat "$1.err" >&2
  fail "the $1 did not start"
}
# ended SIGNAL CODE TEXT: the engine gets the signal, its feed ends with the code and says the text.
ended() {
  split engine
  venue=$!
  split feed
  listener=$!
  kill "-$1" "$venue"
  code=0
  wait "$listener" || code=$?
  wait "$venue" 2>/dev/null
  [ "$code" -eq "$2" ] || { cat feed.err >&2; fail "the feed ended with $code, not $2"; }
  grep -qF "$3" feed.err || { cat feed.err >&2; fail "the feed did not say: $3"; }
  checks=$((checks + 2))
}
ended TERM 0 'the engine has stopped'
ended KILL 1 'the venue is gone'
passed
