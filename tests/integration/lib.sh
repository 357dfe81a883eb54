# Shared by the scripts beside it: source it with the path of the binary as $1.
# A script works in a directory of its own that goes away with it, and ends with the number of checks.
set -u
dojima=$(realpath "$1")
source=$(realpath "$(dirname "$0")")
work=$(mktemp -d "${TMPDIR:-/tmp}/dojima-test.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
checks=0

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

# expect CODE COMMAND...: runs it, output in $work/out and $work/err.
expect() {
  local wanted=$1 code=0
  shift
  "$@" >"$work/out" 2>"$work/err" || code=$?
  if [ "$code" -ne "$wanted" ]; then
    cat "$work/err" >&2
    fail "exit code $code, expected $wanted: $*"
  fi
  checks=$((checks + 1))
}

# says TEXT: the last command's standard error holds it.
says() {
  grep -qF -- "$1" "$work/err" || { cat "$work/err" >&2; fail "standard error lacks: $1"; }
  checks=$((checks + 1))
}

# field NAME [FILE]: a field of the JSON object that replay printed.
field() {
  sed -n "s/^  \"$1\": \"\{0,1\}\([^\",]*\)\"\{0,1\},\{0,1\}\$/\1/p" "${2:-$work/out}"
}

# same NAME EXPECTED [FILE]
same() {
  local got
  got=$(field "$1" "${3:-$work/out}")
  [ "$got" = "$2" ] || fail "$1 is '$got', expected $2"
  checks=$((checks + 1))
}

# limited COUNT COMMAND...: with no more open files than that, of which three are open.
limited() (
  for file in /proc/self/fd/*; do
    file=${file##*/}
    [ "$file" -le 2 ] || eval "exec $file>&-"
  done
  ulimit -n "$1"
  shift
  exec "$@"
)

# take_ports: sets `port`, the first of 16 ports that are this script's until it ends. They lie below
# those that the kernel gives to outgoing connections, and the lock keeps a script beside it off.
take_ports() {
  local block
  mkdir -p -m 1777 /tmp/dojima-test-ports
  for block in $(shuf -i 0-1399); do
    port=$((10000 + 16 * block))
    { exec 9>>"/tmp/dojima-test-ports/$block"; } 2>/dev/null || continue
    flock -n 9 && ports_are_free && return
  done
  fail "no 16 ports are free from 10000 to 32399"
}

ports_are_free() {
  local offset
  for offset in $(seq 0 15); do
    ! (exec 8<>"/dev/tcp/127.0.0.1/$((port + offset))") 2>/dev/null || return 1
  done
}

need_data() {
  if [ -z "${DOJIMA_DATA:-}" ]; then
    echo "SKIPPED: $1 needs DOJIMA_DATA"
    exit 77
  fi
}

passed() {
  echo "$checks checks passed"
}

# listens FILE ERRORS: waits until the process in $venue has said in FILE where it listens.
listens() {
  for _ in $(seq 200); do
    [ -s "$1" ] && return
    kill -0 "$venue" 2>/dev/null || break
    sleep 0.05
  done
  cat "$2" >&2
  fail "the venue did not start"
}

# passwords FILE: of what a first start printed, one file a session.
passwords() {
  for name in ALICE1 BOBBY1; do
    sed "s/.*\"$name\":\"\([^\"]*\)\".*/\1/" "$1" >"$name"
  done
}

# order NAME ARGUMENTS...: one command of that session at the OUCH door; $data: the data directory.
order() {
  local name=$1
  shift
  timeout 60 "$dojima" order --session "$name" --password-file "$name" \
    --trust "${data:-data}/tls.crt" --to "127.0.0.1:$port" "$@"
}

# heard TEXT [FILE]: the open session of alice has been told so: her coprocess writes alice.out and alice.err.
heard() {
  for _ in $(seq 150); do
    echo wait >&"${alice[1]}"
    sleep 0.1
    grep -qF -- "$1" "${2:-alice.out}" && { checks=$((checks + 1)); return; }
  done
  cat alice.out alice.err venue.err >&2
  fail "alice was not told: $1"
}
