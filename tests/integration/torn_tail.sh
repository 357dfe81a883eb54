# Goal: the end of a log that was torn is told when it is cut, and verify says of every log what a start
# does with it. Method: pages of the two logs of a small replay written over; verify, then a start of a
# copy; the lines and the report compared.
. "$(dirname "$0")/lib.sh"
take_ports
venue=
trap 'kill -9 $venue 2>/dev/null; rm -rf "$work"' EXIT

cat >T_2020-01-02_1_2_message_1.csv <<'END_OF_DAY'
34200.000000001,1,11,100,5850000,1
34200.000000002,1,12,200,5851000,-1
34200.000000003,4,11,40,5850000,1
34200.000000004,3,12,200,5851000,-1
END_OF_DAY
day=T_2020-01-02_1_2_message_1.csv

zero() { # zero LOG PAGE: the whole page
  dd if=/dev/zero of="$1/00000001.segment" bs=4096 seek="$2" count=1 conv=notrunc status=none
}

spoil() { # spoil LOG BYTE
  printf '\245' | dd of="$1/00000001.segment" bs=1 seek="$2" conv=notrunc status=none
}

fresh() { # a copy of the whole log
  rm -rf log
  cp -r whole log
}

# Page 0 is the file header, page 1 the only batch, page 2 the seal of the clean stop.
expect 0 "$dojima" replay "$day" --data whole --json
hash=$(field state_hash)
commands=$(field commands)
events=$(field events)
[ "$(field cuts)" = '[]' ] || fail "a clean log has cuts: $(field cuts)"
expect 0 "$dojima" replay "$day" --data whole --resume --json
! grep -q cut err || fail "a clean log is told as cut: $(cat err)"

# The events log torn in its only batch, whose header can be read, and no seal of a clean stop in either
# log: all of it is cut and made again.
fresh
zero log/commands 2
zero log/events 2
spoil log/events 4500
expect 1 "$dojima" log verify log
grep -q "BAD events log at sequence 1: .*segment 1, byte 4096; the next start would cut it" out ||
  fail "verify says: $(cat out)"
expect 0 "$dojima" replay "$day" --data log --resume --json
grep -Eq "the events log in log did not end cleanly: sequences 1 to $events were cut \(segment 1, from byte 4096 to [0-9]+; non-zero bytes found: [1-9][0-9]*; the records or the padding of a batch are damaged\)" err ||
  fail "the cut is told as: $(cat err)"
same state_hash "$hash"
tr -d ' \n' <out | grep -q "\"cuts\":\[{\"log\":\"events\",\"first_sequence\":1,\"last_sequence\":$events,\"segment\":1,\"offset\":4096,\"nonzero_bytes\":[1-9]" ||
  fail "the report says of the cut: $(cat out)"
expect 0 "$dojima" log verify log --full

# Both logs torn, and none proves the other: both are told.
fresh
zero log/events 2
zero log/events 1
zero log/commands 2
spoil log/commands 4500
expect 1 "$dojima" log verify log
expect 0 "$dojima" replay "$day" --data log --resume --json
says "the commands log in log did not end cleanly: sequences 1 to $commands were cut"
same state_hash "$hash"

# Bytes behind the seal.
fresh
spoil log/commands $((5 * 4096 + 5))
expect 0 "$dojima" replay "$day" --data log --resume --json
says "what lay behind sequence $commands was cut (segment 1, from byte 20480 to 20485; non-zero bytes found: 1; bytes behind the end are not zero)"
tr -d ' \n' <out | grep -q '"last_sequence":null' || fail "the report says of the cut: $(cat out)"

# A clean stop proves every event: nothing at the end of the events log is missed without a word.
lost() { # lost SEQUENCE: verify and a start refuse `log` alike and name the event
  cp -r log log2
  expect 1 "$dojima" log verify log
  grep -q "BAD events log at sequence $1: " out || fail "verify without event $1 says: $(cat out)"
  ! grep -q "next start would" out || fail "verify promises what a start refuses: $(cat out)"
  expect 1 "$dojima" replay "$day" --data log2 --resume
  says "the events log in log2 is damaged at sequence $1"
  rm -rf log2
}
fresh
zero log/events 2
spoil log/events 4500
lost 1
fresh
zero log/events 2
zero log/events 1
lost 1
fresh
truncate -s 4096 log/events/00000001.segment
lost 1

# What the other log proves is damage, to verify as to a start.
fresh
zero log/commands 2
spoil log/commands 4500
cp -r log log2
expect 1 "$dojima" log verify log
grep -q "BAD commands log at sequence 1" out || fail "verify says: $(cat out)"
! grep -q "would cut" out || fail "verify promises what a start refuses: $(cat out)"
expect 1 "$dojima" replay "$day" --data log2 --resume
says "the commands log in log2 is damaged at sequence 1"
zero log/commands 1 # not even a torn batch is left
expect 1 "$dojima" log verify log
grep -q "BAD commands log at sequence 1" out || fail "verify says: $(cat out)"

# One log without the other, a clean stop or not: verify and a start say the same.
cp -r whole unsealed
zero unsealed/commands 2
zero unsealed/events 2
expect 0 "$dojima" log verify unsealed
for from in whole unsealed; do
  for log in commands events; do
    for left in nothing empty file; do
      rm -rf log
      cp -r $from log
      rm -r "log/$log"
      remedy="put log/$log back"
      case $left in
      empty) mkdir "log/$log" ;;
      file)
        : >"log/$log"
        remedy="log/$log is a regular file, move it away and put the log back"
        ;;
      esac
      expect 1 "$dojima" log verify log
      grep -q "BAD $log log at sequence 1: the $log log in log is missing, its .* log is there.*: $remedy" out ||
        fail "verify of $from without $log ($left) says: $(cat out)"
      expect 1 "$dojima" log dump log
      says "the $log log in log is missing"
      expect 1 "$dojima" replay "$day" --data log --resume
      says "the $log log in log is missing"
      says "$remedy"
    done
  done
done
rm -rf log
cp -r whole log
rm -r log/events
expect 1 "$dojima" log verify log
grep -q "and proves sequences 1 to $events of it" out || fail "verify does not say how much is missing: $(cat out)"

# A start that was killed when it had made the first file of the commands log and none of the events log
# has lost nothing, and verify says so too.
for left in nothing empty half; do
  fresh
  zero log/commands 2
  zero log/commands 1
  rm -r log/events
  case $left in
  empty) mkdir log/events ;;
  half) mkdir log/events && : >log/events/00000001.segment.new ;;
  esac
  expect 0 "$dojima" log verify log
  grep -q "there is no events log yet" out || fail "verify of a killed start says: $(cat out)"
  expect 0 "$dojima" log verify log --json
  expect 0 "$dojima" log dump log
  [ ! -s out ] || fail "an empty log dumps: $(cat out)"
  expect 0 "$dojima" log stat log --json
  expect 0 "$dojima" replay "$day" --data log --resume --json
  same state_hash "$hash"
  expect 0 "$dojima" log verify log --full
done

# Forty times one or two pages at random, of logs that were never sealed: verify says what a start does.
expect 0 "$dojima" generate --out day.itch --messages 600 --instruments 5 --seed 5
expect 0 "$dojima" replay day.itch --data large --batch-bytes 8192 --segment-bytes 262144 --json
hash=$(field state_hash)
pages() { # pages LOG: how many pages of its one file are in use
  local bytes
  bytes=$(tr '\0' '\n' <"$1/00000001.segment" | grep -ab . | tail -1 | cut -d: -f1)
  echo $((bytes / 4096 + 1))
}
[ "$(find large -name '*.segment' | wc -l)" -eq 2 ] || fail "the day does not fit one segment a log"
for log in commands events; do
  zero "large/$log" $(($(pages "large/$log") - 1))
done
expect 0 "$dojima" log verify large
RANDOM=1812
cuts=0
refusals=0
for round in $(seq 40); do
  rm -rf log log2
  cp -r large log
  for log in commands events; do
    # Every other round the end alone, where what is torn and what is damaged lie side by side.
    last=$(($(pages "log/$log") - 1))
    page=$((round % 2 == 0 ? 1 + RANDOM % last : last - RANDOM % 2))
    case $((RANDOM % 3)) in
    0) zero "log/$log" "$page" ;;
    1) spoil "log/$log" $((page * 4096 + RANDOM % 4096)) ;;
    esac
  done
  cp -r log log2
  verdict=0
  "$dojima" log verify log >verdict || verdict=$?
  code=0
  "$dojima" replay day.itch --data log2 --resume --json >out 2>err || code=$?
  if [ "$code" -ne 0 ]; then
    refusals=$((refusals + 1))
    [ "$verdict" -eq 1 ] && ! grep -q 'next start would' verdict ||
      fail "round $round: a start refuses ($(cat err)), verify says $verdict: $(cat verdict)"
  elif grep -q 'did not end cleanly' err; then
    cuts=$((cuts + 1))
    grep -q 'next start would cut it' verdict || fail "round $round: a start cuts, verify says $(cat verdict)"
    same state_hash "$hash"
  else
    [ "$verdict" -eq 0 ] || fail "round $round: a start finds nothing, verify says $(cat verdict)"
    same state_hash "$hash"
  fi
  checks=$((checks + 1))
done
[ "$cuts" -gt 0 ] && [ "$refusals" -gt 0 ] || fail "no case of each: $cuts cut, $refusals refused"

# A venue tells as a replay does.
start_venue() {
  "$dojima" run --data venue --role engine --set tls.enabled=false --idle sleep --json >started 2>err &
  venue=$!
  for _ in $(seq 100); do
    [ -s started ] && return
    kill -0 "$venue" 2>/dev/null || break
    sleep 0.1
  done
  cat err >&2
  fail "the venue did not start"
}
stop_venue() {
  kill -TERM "$venue"
  wait "$venue" || fail "the venue ended with $?"
}
rm -f started
start_venue
stop_venue
spoil venue/commands $((200 * 4096 + 5))
rm -f started
start_venue
says "the commands log in venue did not end cleanly: what lay behind sequence"
stop_venue
passed
