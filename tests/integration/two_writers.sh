# Goal: of two replays that race for one fresh directory exactly one wins, and the loser takes nothing
# from it. Method: started together again and again; then the log must verify.
. "$(dirname "$0")/lib.sh"
expect 0 "$dojima" generate --out day.itch --messages 4000 --instruments 50 --seed 3
for round in $(seq 20); do
  rm -rf race
  "$dojima" replay day.itch --data race --ack memory --json >first.out 2>first.err &
  first=$!
  second_code=0
  "$dojima" replay day.itch --data race --ack memory --json >second.out 2>second.err || second_code=$?
  first_code=0
  wait "$first" || first_code=$?
  if [ "$first_code" -eq 0 ] && [ "$second_code" -eq 0 ]; then fail "round $round: both won"; fi
  if [ "$first_code" -ne 0 ] && [ "$second_code" -ne 0 ]; then
    cat first.err second.err
    fail "round $round: nobody won"
  fi
  expect 0 "$dojima" log verify race
done
