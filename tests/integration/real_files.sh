# Goal: recorded days give the counts that are known of them. Method: each file of DOJIMA_DATA once.
. "$(dirname "$0")/lib.sh"
need_data "replay of recorded files"

expect 0 "$dojima" replay --json --data aapl "$DOJIMA_DATA/lobster/AAPL_2012-06-21_message_first45000.csv"
same format lobster
same input_messages 45000
same executions_checked 2248
same executions_same_order 2226
same executions_same_price 2248
same unknown_references 59
same orders_live 307
[ "$(field commands)" = "$(field last_sequence)" ] || fail "commands and last_sequence differ"
expr "$(field state_hash)" : '[0-9a-f]\{64\}$' >/dev/null || fail "state_hash is no 64 hex digits"
expect 0 "$dojima" log verify --full aapl

expect 0 "$dojima" replay --json --data aapl10 "$DOJIMA_DATA"/lobster/AAPL_*_message_10.csv
expect 0 "$dojima" replay --json --data amzn "$DOJIMA_DATA"/lobster/AMZN_*_message_1.csv

expect 0 "$dojima" replay --json --data dbn "$DOJIMA_DATA"/mbo/orderbooks_mbo_*.dbn.zst
same format dbn
same executions_checked 5
same executions_same_order 4

captures=0
for file in "$DOJIMA_DATA"/itch/Nasdaq.Equities.TotalView.Itch.v5.0/*; do
  captures=$((captures + 1))
  expect 0 "$dojima" replay --json --data "capture$captures" "$file"
  same input_messages 1
done
[ "$captures" -gt 0 ] || fail "no captures found"

file=$DOJIMA_DATA/itch/simulated-ritch-12012.itch50
expect 2 "$dojima" replay --json --data ritch "$file"
says "itch-unprefixed"
expect 0 "$dojima" replay --json --data ritch --format itch-unprefixed "$file"
same input_messages 12012
same unknown_references 117
passed
