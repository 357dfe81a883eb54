# Goal: a replay that is killed with -9 and gone on with has the result of one that never stopped.
# Method: a small generated day with --ack fsync, killed at points spread evenly from 5% to 95%, then
# --resume; every third time the resumed run is killed too. Half of the runs are paced, so that the
# points are spread over the messages; half run as fast as they can. Attack 47. Needs about two minutes.
. "$(dirname "$0")/lib.sh"
kills=${KILLS:-50}
speed=39000 # the day's 46,800 s in 1.2 s
expect 0 "$dojima" generate --out day.itch --messages 60000 --instruments 500 --seed 5
expect 0 "$dojima" replay day.itch --json --data whole --ack fsync
hash=$(field state_hash)
last=$(field last_sequence)
counts=$(field events)/$(field executions_checked)/$(field executions_same_order)
begin=$(date +%s%N)
expect 0 "$dojima" replay day.itch --json --data timed --ack fsync
fast_ns=$(($(date +%s%N) - begin))
begin=$(date +%s%N)
expect 0 "$dojima" replay day.itch --json --data paced --ack fsync --speed $speed
paced_ns=$(($(date +%s%N) - begin))
same state_hash "$hash"
rm -rf timed paced

# kill_at NANOSECONDS OPTIONS...: 0 when it was killed, 1 when it had ended before.
kill_at() {
  local after_ns=$1 code=0
  shift
  "$dojima" replay day.itch --json --data killed --ack fsync "$@" >"$work/out" 2>"$work/err" &
  local pid=$!
  sleep "$(printf '%d.%09d' $((after_ns / 1000000000)) $((after_ns % 1000000000)))"
  kill -9 "$pid" 2>/dev/null
  wait "$pid" 2>/dev/null || code=$?
  [ "$code" -eq 137 ] && return 0
  [ "$code" -eq 0 ] || fail "exit code $code instead of a kill: $(cat "$work/err")"
  return 1
}

done_kills=0
late=0
while [ "$done_kills" -lt "$kills" ]; do
  rm -rf killed
  per_mille=$((50 + 900 * done_kills / (kills > 1 ? kills - 1 : 1)))
  per_mille=$((per_mille > late ? per_mille - late : 1))
  if [ $((done_kills % 2)) -eq 0 ]; then
    kill_at $((paced_ns * per_mille / 1000)) --speed $speed
  else
    kill_at $((fast_ns * per_mille / 1000))
  fi
  if [ $? -ne 0 ]; then
    late=$((late + 100)) # this run was faster than the one measured
    [ "$late" -le 900 ] || fail "runs end before they can be killed"
    continue
  fi
  late=0
  done_kills=$((done_kills + 1))
  if [ $((done_kills % 3)) -eq 0 ]; then
    kill_at $((fast_ns / 3)) --resume || true
  fi
  expect 0 "$dojima" replay day.itch --json --data killed --ack fsync --resume
  same state_hash "$hash"
  same last_sequence "$last"
  [ "$(field events)/$(field executions_checked)/$(field executions_same_order)" = "$counts" ] ||
    fail "counts differ after a resume"
  if [ "$done_kills" -le 3 ] || [ $((done_kills % 10)) -eq 0 ]; then
    expect 0 "$dojima" log verify --full killed
  fi
done
echo "$done_kills kills, each resumed to the state hash of an unbroken run"
passed
