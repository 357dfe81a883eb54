# Goal: Ctrl-C stops cleanly: exit 130, the logs sealed, and --resume gives the unbroken result.
# Method: a paced replay, SIGINT and SIGTERM after half a second.
. "$(dirname "$0")/lib.sh"
expect 0 "$dojima" generate --out day.itch --messages 60000 --instruments 500 --seed 6
expect 0 "$dojima" replay day.itch --json --data whole
hash=$(field state_hash)
for signal in INT TERM; do
  # A job of a script ignores SIGINT unless the shell has job control.
  set -m
  "$dojima" replay day.itch --json --data "stop$signal" --speed 20000 >out 2>err &
  pid=$!
  set +m
  sleep 0.7
  kill -s "$signal" "$pid" || fail "the replay had ended"
  code=0
  wait "$pid" || code=$?
  [ "$code" -eq 130 ] || { cat err >&2; fail "exit code $code, expected 130"; }
  grep -q -- --resume err || fail "nothing said about --resume"
  [ ! -s out ] || fail "a report of a replay that was stopped"
  expect 0 "$dojima" log stat "stop$signal"
  [ "$(grep -c 'sealed by a clean stop' out)" -eq 2 ] || fail "the logs are not sealed"
  expect 0 "$dojima" log verify "stop$signal" --full
  expect 0 "$dojima" replay day.itch --json --data "stop$signal" --resume
  same state_hash "$hash"
done
passed
