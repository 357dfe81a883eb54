# Goal: `dojima why` and `dojima at` answer beside a running venue and over its kill, from the log of real
# sessions. Method: two sessions trade, one cancels, one is refused and one leaves; each is asked for by
# name, by number and as a refusal, in both views, while the venue runs, after kill -9, and after a start.
. "$(dirname "$0")/lib.sh"
take_ports
ports="--set ouch.listen=127.0.0.1:$port --set native.listen=127.0.0.1:$((port + 1))
  --set feed.soup_listen=127.0.0.1:$((port + 2)) --set feed.glimpse_listen=127.0.0.1:$((port + 3))
  --set feed.retransmission_listen=127.0.0.1:$((port + 4)) --set feed.group_a=239.192.77.31:$((port + 5))
  --set feed.group_b=239.192.77.32:$((port + 5)) --set feed.proof_group=239.192.77.33:$((port + 5))"
venue=
trap 'kill -9 $venue 2>/dev/null; rm -rf "$work"' EXIT

start_venue() {
  rm -f started
  # shellcheck disable=SC2086
  "$dojima" run --data data --idle sleep --json $ports >started 2>venue.err &
  venue=$!
  listens started venue.err
}

# tells TEXT: the last command's output holds it, broken at the width of a line or not.
tells() {
  tr -s ' \n' ' ' <out | grep -qF -- "$1" || { cat out >&2; fail "the answer lacks: $1"; }
  checks=$((checks + 1))
}

silent() {
  ! grep -qF -- "$1" out || { cat out >&2; fail "the answer should not hold: $1"; }
  checks=$((checks + 1))
}

start_venue
for name in ALICE1 BOBBY1; do
  sed -n "s/.*\"$name\":\"\([^\"]*\)\".*/\1/p" started >"$name"
  [ -s "$name" ] || fail "no password of $name: $(cat started)"
done
order ALICE1 --script - >alice.txt <<'END' || fail "ALICE1: $(cat alice.txt)"
sell 100 RICE 10.00
sell 50 RICE 10.00
sell 10 RICE 10.01
wait
END
order BOBBY1 --script - >bobby.txt <<'END' || fail "BOBBY1: $(cat bobby.txt)"
sell 30 RICE 10.00
buy 120 RICE 10.00 ioc
wait
END

look() {
  expect 0 "$dojima" log dump data --only events --json
  grep '"accepted"' out >accepted || fail "no order was accepted"
  alice=$(sed -n '1s/.*"account":"\([0-9]*\)".*/\1/p' accepted)
  bobby=$(sed -n '4s/.*"account":"\([0-9]*\)".*/\1/p' accepted)
  first=$(sed -n '1s/.*"client_order_id":"\([^"]*\)".*/\1/p' accepted)
  second=$(sed -n '2s/.*"client_order_id":"\([^"]*\)".*/\1/p' accepted)
  third=$(sed -n '4s/.*"client_order_id":"\([^"]*\)".*/\1/p' accepted)

  expect 0 "$dojima" why "$alice/$first" --data data
  tells "in the queue: open 100, first at its price, the best price of its side"
  tells "command $(sed -n '5s/.*"cause":\([0-9]*\).*/\1/p' accepted) of another participant"
  tells "filled 100 @ 10.0000 as maker"
  silent "of account $bobby"
  expect 0 "$dojima" why "$alice/$first" --data data --operator
  tells "of account $bobby"

  expect 0 "$dojima" why "$alice/$second" --data data
  tells "in the queue: open 50, 1 order ahead at its price with 100"
  tells "before: open 50, 1 order ahead at its price with 100"
  tells "filled 20 @ 10.0000 as maker"
  tells "after: open 30, first at its price"

  expect 0 "$dojima" why "$bobby/$third" --data data
  tells "in the queue: open 30, 2 orders ahead at its price with 150"
  tells "ahead: 2 orders not named"
  silent "of account $alice"
  expect 0 "$dojima" why "$bobby/$third" --data data --operator
  tells "\"$first\" of account $alice, open 100"

  expect 0 "$dojima" at end --data data --json
  grep -q '"price":100000,"quantity":60,"orders":2' out || fail "the book: $(cat out)"
  checks=$((checks + 1))
}

look
kill -9 "$venue"
wait "$venue" 2>/dev/null
look
start_venue
look
kill -TERM "$venue"
wait "$venue" || fail "the venue ended badly"
look
passed
