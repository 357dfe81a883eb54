# Goal: `log verify` finds every flipped bit of the log and names a sequence; dump and stat read what
# is whole. Method: a small replay; thirty single bits turned over at random, one at a time, from the
# first byte to the seal; each must be found, and the log is whole again afterwards.
. "$(dirname "$0")/lib.sh"
expect 0 "$dojima" generate --out day.itch --messages 2000 --instruments 20 --seed 9
expect 0 "$dojima" replay day.itch --data log --json --segment-bytes 65536
commands=$(field commands)
events=$(field events)
expect 0 "$dojima" log verify log
expect 0 "$dojima" log verify log --full --json
grep -q "\"ok\": true, \"commands\": $commands, \"events\": $events" out || fail "verify counts otherwise"
expect 0 "$dojima" log dump log --only commands
[ "$(wc -l <out)" -eq "$commands" ] || fail "dump shows $(wc -l <out) commands of $commands"
expect 0 "$dojima" log dump log --only events --json
[ "$(wc -l <out)" -eq "$events" ] || fail "dump shows $(wc -l <out) events of $events"
expect 0 "$dojima" log dump log --from 100 --to 109 --only commands
[ "$(wc -l <out)" -eq 10 ] || fail "dump of ten commands shows $(wc -l <out)"
head -1 out | grep -q '^c100 ' || fail "dump --from 100 begins with: $(head -1 out)"
expect 0 "$dojima" log stat log --json

flip() { # flip FILE BIT
  local at=$(($2 / 8)) byte
  byte=$(od -An -tu1 -j "$at" -N 1 "$1")
  printf "\\x$(printf %02x $((byte ^ (1 << ($2 % 8)))))" |
    dd of="$1" bs=1 seek="$at" conv=notrunc status=none
}

# A shortage says nothing about the log, and neither does one that is being written.
expect 3 limited 4 "$dojima" log verify log
for half in commands events; do
  expect 3 flock -n "log/$half/LOCK" "$dojima" log verify log
  says "another process writes to the logs"
done
expect 0 "$dojima" log verify log

# A file with a number far above the others is one file, and not all the numbers up to it.
cp -r log far
rm -f far/events/*.segment.new
: >far/commands/99999999.segment
expect 1 "$dojima" log verify far
expect 0 timeout 60 "$dojima" replay day.itch --data far --resume --json
[ ! -e far/commands/99999999.segment ] || fail "the far file is still there"
expect 0 "$dojima" log verify far

# What cannot be a segment's size is said in replay's own words.
expect 2 "$dojima" replay day.itch --data large --segment-bytes 1073741824
says "--segment-bytes"
[ ! -e large ] || fail "a refused size left: $(find large)"

RANDOM=4711
mapfile -t files < <(find log -name '*.segment' | sort)
for _ in $(seq 30); do
  file=${files[$((RANDOM % ${#files[@]}))]}
  bit=$(((RANDOM * 32768 + RANDOM) % ($(stat -c %s "$file") * 8)))
  flip "$file" "$bit"
  expect 1 "$dojima" log verify log
  grep -Eq 'BAD (commands|events) log at sequence [0-9]+' out || fail "no sequence named: $(cat out)"
  flip "$file" "$bit"
done
expect 0 "$dojima" log verify log --full

# Who has read enough closes the pipe: the end of dump is that of a pipe, and nothing is said.
"$dojima" log dump log 2>err | head -1 >out
codes=("${PIPESTATUS[@]}")
[ "${codes[0]}" -eq 141 ] && [ ! -s err ] || fail "dump into a closed pipe: ${codes[0]}, $(cat err)"
checks=$((checks + 1))
expect 1 bash -c "'$dojima' log dump log >/dev/full"
says "standard output could not be written"
! grep -q "log in" err || fail "the log is blamed for a full device: $(cat err)"

# What is no segment under the name of one: named, never waited for, in its first and its last file.
last=$(basename "$(find log/commands -name '*.segment' | sort | tail -1)")
for name in 00000001.segment "$last"; do
  for what in 'a named pipe' 'a directory' 'a link to nothing' foreign short events; do
    rm -rf bad
    cp -r log bad
    rm "bad/commands/$name"
    case $what in
    'a named pipe') mkfifo "bad/commands/$name" ;;
    'a directory') mkdir "bad/commands/$name" ;;
    'a link to nothing') ln -s nowhere "bad/commands/$name" ;;
    foreign) head -c 65536 day.itch >"bad/commands/$name" ;;
    short) head -c 100 day.itch >"bad/commands/$name" ;;
    events) cp log/events/00000001.segment "bad/commands/$name" ;;
    esac
    case $what in
    foreign) words='the file header is damaged, or the file is no segment' ;;
    short) words='the file is too short to be a segment' ;;
    events) words="bad/commands/$name does not belong to the commands log of this shard: it is a segment of an events log" ;;
    *) words="bad/commands/$name is $what and not a file of the commands log" ;;
    esac
    expect 1 timeout 20 "$dojima" log verify bad
    wanted=1
    [ "$name" = 00000001.segment ] || wanted=[1-9][0-9]+
    grep -Eq "BAD commands log at sequence $wanted:" out || fail "verify of $what: $(cat out)"
    grep -qF "$words" out || fail "verify of $what as $name says: $(cat out)"
    expect 1 timeout 20 "$dojima" log dump bad
    says "$words"
    expect 1 timeout 20 "$dojima" replay day.itch --data bad --resume
  done
done

# A segment file that is gone, of a log that was stopped cleanly: the first, one in the middle, the last.
# Verify and a start name the first sequence that is missing and, where it is known, the last.
first_of() { # first_of LOG FILE: the first sequence of a segment, as its header has it
  od -An -tu8 -j 24 -N 8 "$1/$2" | tr -d ' '
}
for log in commands events; do
  mapfile -t names < <(cd log/$log && ls ./*.segment | sort | sed 's,^./,,')
  [ "${#names[@]}" -ge 3 ] || fail "the $log log has ${#names[@]} segments only"
  for name in "${names[0]}" "${names[1]}" "${names[-1]}"; do
    rm -rf bad
    cp -r log bad
    rm "bad/$log/$name"
    missing=$(first_of "log/$log" "$name")
    if [ "$name" = "${names[0]}" ]; then
      last=$(($(first_of "log/$log" "${names[1]}") - 1))
      words="the beginning of the $log log in bad is missing, sequences 1 to $last: put the segment files"
    else
      last=${!log}
      [ "$name" = "${names[-1]}" ] || last=$(($(first_of "log/$log" "${names[2]}") - 1))
      words="sequences $missing to $last are missing, put the segment files that hold them back into bad/$log"
    fi
    for options in '' --full --json; do
      expect 1 "$dojima" log verify bad $options
      grep -qF "$words" out || fail "verify without $log/$name says: $(cat out)"
    done
    grep -q "\"log\": \"$log\", \"bad_sequence\": $missing," out || fail "verify --json without $log/$name says: $(cat out)"
    if [ "$name" = "${names[0]}" ]; then
      expect 1 "$dojima" log dump bad
      says "$words"
    fi
    expect 1 "$dojima" replay day.itch --data bad --resume
    says "$words"
  done
done
passed
