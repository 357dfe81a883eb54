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

need_data() {
  if [ -z "${DOJIMA_DATA:-}" ]; then
    echo "SKIPPED: $1 needs DOJIMA_DATA"
    exit 77
  fi
}

passed() {
  echo "$checks checks passed"
}
