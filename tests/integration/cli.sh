# Goal: help, version and completion are there for every command and agree with the parser. Method:
# every command and option that help lists is tried.
. "$(dirname "$0")/lib.sh"
expect 0 "$dojima" --version
grep -Eq '^dojima [0-9]+\.[0-9]+\.[0-9]+, commit [0-9a-z]+, (gcc|clang) ' out || fail "version: $(cat out)"
expect 0 "$dojima" help
mapfile -t commands < <(sed -n 's/^  \([a-z]*\)  .*/\1/p' out)
[ "${#commands[@]}" -ge 6 ] || fail "help lists ${#commands[@]} commands"
expect 0 "$dojima" completion bash
cp out completion.bash
bash -n completion.bash || fail "the completion is no valid bash"
for command in "${commands[@]}"; do
  expect 0 "$dojima" help "$command"
  cp out help.txt
  expect 0 "$dojima" "$command" --help
  cmp -s out help.txt || fail "$command --help differs from help $command"
  grep -q 'Exit codes' out || fail "$command: no exit codes"
  for option in $(sed -n 's/^  --\([a-z-]*\).*/\1/p' help.txt); do
    grep -q -- "--$option" completion.bash || fail "completion lacks $command --$option"
    checks=$((checks + 1))
  done
done
expect 2 "$dojima" help nothing
expect 0 bash -c ". ./completion.bash; COMP_WORDS=(dojima replay --ack f); COMP_CWORD=3; _dojima; echo \${COMPREPLY[*]}"
[ "$(cat out)" = fsync ] || fail "completion of --ack f gives: $(cat out)"

# The page on commands is what help says; DOJIMA_UPDATE=1 writes it anew.
page=$source/../../docs/reference/cli.md
{
  echo "# Commands of the binary"
  echo
  echo "What \`dojima help COMMAND\` prints. Written by \`DOJIMA_UPDATE=1 bash tests/integration/cli.sh BINARY\`: do not edit."
  for command in "${commands[@]}"; do
    printf '\n## %s\n```\n' "$command"
    "$dojima" help "$command"
    echo '```'
  done
} >cli.md
[ -z "${DOJIMA_UPDATE:-}" ] || cp cli.md "$page"
cmp -s cli.md "$page" || { diff cli.md "$page" >&2; fail "docs/reference/cli.md is stale"; }
checks=$((checks + 1))
passed
