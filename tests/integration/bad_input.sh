# Goal: whatever the input or the command line, the exit code says of what kind the fault is, the
# message says where, and nothing is left that a rerun would trip on. Method: one case after another.
. "$(dirname "$0")/lib.sh"

cat >GOOD_2020-01-02_34200000_57600000_message_1.csv <<'END'
34200.000000001,1,11,100,5850000,1
34200.000000002,1,12,200,5851000,-1
34200.000000003,4,11,40,5850000,1
34200.000000004,3,12,200,5851000,-1
END
good=GOOD_2020-01-02_34200000_57600000_message_1.csv

# refused COMMAND...: exit 2, something said, and no directory left behind.
refused() {
  expect 2 "$@" --data none
  [ -s "$work/err" ] || fail "nothing said: $*"
  [ ! -e none ] || fail "a directory was left behind: $*"
}

refused "$dojima" replay missing.csv
says "missing.csv: there is no such file: check the path"
! grep -q byte err || fail "a file that is not there has no bytes: $(cat err)"
refused "$dojima" replay ''
says "name one input file"
if [ "$(id -u)" -ne 0 ]; then
  : >secret.csv && chmod 000 secret.csv
  refused "$dojima" replay secret.csv
  says "permissions"
fi
: >empty.csv
gzip -c empty.csv >empty.gz
for format in '' lobster itch itch-unprefixed itch-pcap dbn; do
  refused "$dojima" replay empty.csv ${format:+--format "$format"}
  says "empty.csv: the file is empty: name a file that holds messages"
  refused "$dojima" replay empty.gz ${format:+--format "$format"}
  says "empty.gz: nothing is packed in the file: name a file that holds messages"
done
printf 'nothing that anybody knows\n' >unknown.bin
refused "$dojima" replay unknown.bin
head -c 4096 /dev/urandom >noise.bin
refused "$dojima" replay noise.bin --format dbn
refused "$dojima" replay "$work"
says "it is a directory: name the one file to read"
! grep -q byte err || fail "a directory has no bytes: $(cat err)"
mkfifo pipe # nobody writes to it: to open it would wait for ever
refused timeout 20 "$dojima" replay pipe
says "pipe is a named pipe, and a replay reads its input more than once: save it to a regular file"
refused "$dojima" replay /dev/null
says "is a device"

# No output goes into what is read.
cp "$good" precious.csv
ln -s precious.csv soft
ln precious.csv hard
for name in precious.csv soft hard ./precious.csv; do
  refused "$dojima" replay precious.csv --format lobster --instrument A --differences "$name"
  says "is the input file itself and would destroy it"
done
refused "$dojima" replay soft --format lobster --instrument A --differences precious.csv
cmp -s "$good" precious.csv || fail "the input was written to"
cp "$good" day.definition.dbn
refused "$dojima" replay precious.csv --format lobster --instrument A --differences day.definition.dbn
says "the definition file beside the input"
cmp -s "$good" day.definition.dbn || fail "the definition file was written to"
rm day.definition.dbn
expect 0 "$dojima" replay "$good" --data kept
expect 2 "$dojima" replay "$good" --data kept --resume --differences kept/events/00000001.segment
says "a file of the log"
expect 0 "$dojima" log verify kept
printf 'alice secret\n' >credentials
expect 2 "$dojima" load --credentials credentials --plain --hdr credentials
says "--hdr credentials is a file that load reads"
[ "$(cat credentials)" = 'alice secret' ] || fail "the credentials were written to"

# A garbled line in the middle: named, and the directory is free for the next try.
{ head -2 "$good"; echo '34200.1,1,oops,1,1,1'; tail -2 "$good"; } >GARBLED_2020-01-02_1_2_message_1.csv
refused "$dojima" replay GARBLED_2020-01-02_1_2_message_1.csv
says "line 3"
head -c 100 "$good" >CUT_2020-01-02_1_2_message_1.csv
refused "$dojima" replay CUT_2020-01-02_1_2_message_1.csv
says "line 3"

expect 0 "$dojima" generate --out day.itch --messages 3000 --instruments 20
head -c $(($(stat -c %s day.itch) - 7)) day.itch >cut.itch
refused "$dojima" replay cut.itch
says "byte "
expect 0 "$dojima" replay day.itch --data none --json # the same directory, the whole file
rm -rf none
gzip -c day.itch | head -c 20000 >cut.itch.gz
refused "$dojima" replay cut.itch.gz

# Values that no venue takes are refused by the engine, as events, and the replay goes on.
{
  cat "$good"
  echo '34200.1,1,21,0,5850000,1'
  echo '34200.1,1,22,10,0,1'
  echo '34200.1,1,23,10,-5,1'
  echo '34200.1,1,24,4294967295,4294967295,1'
  echo '34200.1,1,25,10,9999999999,1'
  echo '34200.1,1,11,10,5850000,1'
  echo '34200.1,2,11,0,5850000,1'
  echo '34200.1,2,11,4000000000,5850000,1'
  echo '34200.1,3,25,10,5850000,1'
} >ODD_2020-01-02_1_2_message_1.csv
expect 0 "$dojima" replay ODD_2020-01-02_1_2_message_1.csv --data odd
for code in QUANTITY_NOT_POSITIVE PRICE_OUT_OF_RANGE NOTIONAL_OVERFLOW DUPLICATE_ORDER_ID; do
  grep -q "$code" out || fail "no $code in the report"
  checks=$((checks + 1))
done
expect 0 "$dojima" replay "$good" --data tick --tick 0.5
expect 0 "$dojima" replay "$good" --data tick2 --tick 7
grep -q PRICE_NOT_ON_TICK out || fail "no PRICE_NOT_ON_TICK in the report"

# Command lines.
expect 2 "$dojima"
expect 2 "$dojima" frobnicate
expect 2 "$dojima" replay
expect 2 "$dojima" replay "$good" "$good"
for options in "--data" "--ack sometimes" "--speed fast" "--speed 0" "--tick -1" "--tick x" \
  "--tick 0.000001" "--format ouch" "--max-orders 0" "--max-orders 9999999999999" "--bogus" \
  "--segment-bytes 1" "--json=1"; do
  # shellcheck disable=SC2086 # options are words
  expect 2 "$dojima" replay "$good" $options
  [ ! -e dojima-data ] || fail "a directory was made in spite of $options"
done
expect 2 "$dojima" replay day.itch --instrument ABC --data none
expect 2 "$dojima" replay "$good" --data no/such/parent
says "parent"
expect 2 "$dojima" replay "$good" --data ''
says "--data wants the path of a directory"
for taken in /dev/full "$good"; do
  expect 2 "$dojima" replay "$good" --data "$taken"
  says "choose another --data directory"
done
expect 2 "$dojima" replay "$good" --data "$good/below"
says "is no directory: make it first"
expect 2 "$dojima" replay "$good" --data none --differences "$work"
says "--differences"
[ ! -e none ] || fail "a directory was left behind by a bad --differences"
for symbol in ABCDEFGHIJKLMNOPQ '' 'A B'; do
  expect 2 "$dojima" replay "$good" --data none --instrument "$symbol"
  says "--instrument wants 1 to 16"
done
expect 0 "$dojima" replay "$good" --data sixteen --instrument ABCDEFGHIJKLMNOP
expect 0 "$dojima" log dump --only events sixteen
grep -q ABCDEFGHIJKLMNOP out || fail "a symbol of 16 bytes is not in the log"
cp "$good" ./-dashed.csv
expect 0 "$dojima" replay --data dashed -- -dashed.csv
expect 2 "$dojima" replay --data none -- "$good" --json
expect 2 "$dojima" generate
expect 2 "$dojima" generate --out no/such/folder/day.itch
expect 2 "$dojima" generate --out x --instruments 70000
expect 2 "$dojima" generate --out ''
mkdir folder
for place in folder /dev/full; do
  expect 2 "$dojima" generate --out "$place" --messages 10
  says "name a file with --out"
done
[ -c /dev/full ] || fail "a device was replaced by a file"
# What a killed run left is in nobody's way; of two at a time one is refused, and neither is harmed.
head -c 100000 /dev/zero >shared.itch.part
expect 0 "$dojima" generate --out shared.itch --messages 2000 --instruments 5
cp shared.itch alone.itch
[ ! -e shared.itch.part ] || fail "generate left its part behind"
exec 9<>shared.itch.part
flock -n 9 || fail "the part is locked"
expect 3 "$dojima" generate --out shared.itch --messages 2000 --instruments 5
says "another generate is writing shared.itch: wait until it has ended, or choose another --out"
exec 9<&-
"$dojima" generate --out shared.itch --messages 2000 --instruments 5 >/dev/null 2>&1 &
first=$!
code=0
"$dojima" generate --out shared.itch --messages 2000 --instruments 5 >/dev/null 2>&1 || code=$?
[ "$code" -eq 0 ] || [ "$code" -eq 3 ] || fail "the second of two generates ended with $code"
code=0
wait "$first" || code=$?
[ "$code" -eq 0 ] || [ "$code" -eq 3 ] || fail "the first of two generates ended with $code"
cmp shared.itch alone.itch || fail "two generates at once made another day"
mkfifo pipe.itch.part
expect 2 timeout 20 "$dojima" generate --out pipe.itch --messages 10
says "pipe.itch.part cannot be written"
for messages in 1 10 300; do
  expect 0 "$dojima" generate --out few.itch --messages "$messages" --instruments 5
  grep -q "not checked" out || fail "nothing said of a sample of $messages"
done
expect 0 "$dojima" replay few.itch --data few
expect 0 "$dojima" generate --out enough.itch --messages 10000 --instruments 20
! grep -q "not checked" out || fail "the mix of 10000 messages was not checked"
expect 0 "$dojima" generate --out enough.itch.gz --messages 10000 --instruments 20
gzip -dc enough.itch.gz | cmp - enough.itch || fail "the compressed day has other bytes"
expect 0 "$dojima" replay enough.itch.gz --data enough --json
same input_messages 10026
expect 2 "$dojima" log
expect 2 "$dojima" log stat
for action in dump stat verify; do
  for place in nowhere . "$good" ''; do
    expect 2 "$dojima" log "$action" "$place"
    grep -q "name " err || fail "log $action '$place' names no remedy: $(cat err)"
  done
done
expect 2 "$dojima" log burn odd
expect 3 "$dojima" replay "$good" --data none --max-orders 1073741824
[ ! -e none ] || fail "a directory was left behind by limits that do not fit"

# A data directory that is not empty, and resumes that do not fit.
expect 0 "$dojima" replay "$good" --data taken --json
hash=$(field state_hash)
expect 2 "$dojima" replay "$good" --data taken
says "--resume"
expect 0 "$dojima" replay "$good" --data taken --resume --json
same state_hash "$hash"
cp "$good" OTHER_2020-01-02_34200000_57600000_message_1.csv
sed -i 's/,100,/,101,/' OTHER_2020-01-02_34200000_57600000_message_1.csv
expect 2 "$dojima" replay OTHER_2020-01-02_34200000_57600000_message_1.csv --data taken --resume
says "SHA-256"
expect 2 "$dojima" replay ODD_2020-01-02_1_2_message_1.csv --data taken --resume
says "bytes"
for limit in orders levels instruments; do
  expect 2 "$dojima" replay "$good" --data taken --resume "--max-$limit" 77
  says "was begun with --max-$limit"
done
expect 0 "$dojima" replay "$good" --data taken --resume --max-orders 4096 --json
same state_hash "$hash"
expect 2 "$dojima" replay "$good" --data taken --resume --tick 0.01
says "--tick"
expect 0 "$dojima" replay "$good" --data taken --resume --json
same state_hash "$hash"

# --resume where there is nothing yet: as fresh, and as clean after a bad input.
mkdir hollow
for place in hollow absent; do
  expect 2 "$dojima" replay GARBLED_2020-01-02_1_2_message_1.csv --data "$place" --resume
  says "line 3"
  [ "$place" = absent ] || [ -z "$(ls hollow)" ] || fail "left in the empty directory: $(ls hollow)"
  [ ! -e absent ] || fail "a directory was left behind by a bad input with --resume"
  expect 2 "$dojima" replay missing.csv --data "$place" --resume
  expect 0 "$dojima" replay "$good" --data "$place" --resume --json
  same state_hash "$hash"
  expect 0 "$dojima" log verify "$place"
done
mkdir -p bare/commands bare/events
expect 0 "$dojima" replay "$good" --data bare --resume --json
same state_hash "$hash"
expect 2 "$dojima" replay "$good" --data no/such/parent --resume
says "parent"
mkdir foreign && : >foreign/precious
expect 2 "$dojima" replay "$good" --data foreign
[ -e foreign/precious ] || fail "a file that is not ours is gone"
passed
