# Goal: configuration and identity as an operator meets them: layers, origins, problems with their place, exit
# codes, passwords shown once. Method: small files and a store made by the binary itself.
. "$(dirname "$0")/lib.sh"

has() {
  grep -qF -- "$1" out || { cat out >&2; fail "standard output lacks: $1"; }
  checks=$((checks + 1))
}

# Without any file the built-in settings hold, and what show prints can be a file again.
expect 0 "$dojima" config check
expect 0 "$dojima" config show
cp out again.toml
expect 0 "$dojima" config show --config again.toml
cmp -s out again.toml || fail "show does not read back to itself"

mkdir conf.d
printf '[run]\nidle = "sleep"\nspin = "5us"\n' >dojima.toml
printf '[run]\nspin = "6us"\n' >conf.d/10-a.toml
printf '[run]\nspin = "7us"\n' >conf.d/20-b.toml
printf 'not toml at all\n' >conf.d/30-c.toml.off
expect 0 env DOJIMA_OUCH__LISTEN=127.0.0.1:1 "$dojima" config show --origin --role feed
has 'idle = "sleep"                              # dojima.toml:2:8'
has 'spin = "7us"                                # conf.d/20-b.toml:2:8'
has 'listen = "127.0.0.1:1"                      # DOJIMA_OUCH__LISTEN'
has 'roles = ["feed"]                            # --role'
expect 0 "$dojima" config show --json --set run.drain=1s
has '"run.drain": 1000000000'

printf '[ouch]\nlistn = "127.0.0.1:1"\n' >>conf.d/20-b.toml
expect 3 "$dojima" config check
says "conf.d/20-b.toml:4:1: unknown key 'ouch.listn'; did you mean 'ouch.listen'?"
says '  listn = "127.0.0.1:1"'
expect 3 "$dojima" config show
expect 3 "$dojima" config check --json
has '"ok": false'
rm conf.d/20-b.toml
expect 3 env DOJIMA_LIMITS__ORDERS=many "$dojima" config check
says 'environment variable DOJIMA_LIMITS__ORDERS: limits.orders: a whole number is expected here'
expect 3 "$dojima" config check --idle walk
says "--idle: run.idle: 'walk' is none of 'spin', 'sleep'"
expect 3 "$dojima" config check --config nothing.toml
says 'nothing.toml cannot be read'
expect 2 "$dojima" config check --set spin
expect 2 "$dojima" config
expect 2 "$dojima" config bend

# What is not safe is not a configuration.
expect 3 "$dojima" config check --set tls.enabled=false --set ouch.listen=0.0.0.0:9101
says 'tls.enabled: false is allowed on loopback only'

# The doctor finds a port that is taken, and a data directory that cannot be written.
expect 3 "$dojima" doctor --set run.idle=walk
"$dojima" doctor --json --data here >out 2>err
case $? in 0 | 1) ;; *) fail "doctor: $(cat err)" ;; esac
has '"check": "disk.commit"'
[ ! -e here ] && [ ! -e doctor.tmp ] || fail "doctor left something behind"
: >file
expect 1 "$dojima" doctor --data /proc/dojima
has 'FAIL'

# Identity: no store yet.
expect 2 "$dojima" identity list
says 'there is no identity store in dojima-data'
expect 2 "$dojima" identity
expect 2 "$dojima" identity reset-password
says 'wants --name NAME'

# A store, its passwords shown once, its modes; then changes to it.
expect 0 "$dojima" identity create --json
password=$(sed -n 's/.*"password": "\(.*\)".*/\1/p' out | head -1)
[ "${#password}" -eq 10 ] || fail "the password is '$password'"
grep -rqF "$password" dojima-data && fail "the password is in the data directory"
[ "$(stat -c %a dojima-data/identity dojima-data/identity/store | tr '\n' ' ')" = '700 600 ' ] || fail "modes"
expect 2 "$dojima" identity create
says 'there is a store already'
expect 0 "$dojima" identity list
has 'ALICE1'
expect 0 "$dojima" identity add-session --name RICE1 --label 'Rice & Co' --protocol native --orders 5
has 'session RICE1, password '
expect 2 "$dojima" identity add-session --name RICE1
says 'there is a session RICE1 already'
expect 2 "$dojima" identity add-session --name rice2
expect 2 "$dojima" identity add-session --name RICE2 --user 3 --account 1
expect 2 "$dojima" identity add-session --name RICE2 --user 9
says 'there is no user 9'
expect 0 "$dojima" identity reset-password --name RICE1
expect 2 "$dojima" identity reset-password --name NOBODY
expect 0 "$dojima" identity list --json
has '"label": "Rice & Co"'
has '"orders_per_second": 5'
expect 0 "$dojima" identity disable --name RICE1
expect 0 "$dojima" identity make-key --json
key=$(sed -n 's/.*"key": "\(.*\)".*/\1/p' out)
expect 0 "$dojima" identity set-key --name RICE1 --key "$key"
expect 2 "$dojima" identity set-key --name RICE1 --key "${key:1}"
says 'wants --key with 64 hexadecimal digits'
expect 2 "$dojima" identity disable --name NOBODY
expect 0 "$dojima" identity list
grep -q 'RICE1 .* no  *password, key' out || fail "RICE1 is not disabled, or has no key"
expect 0 "$dojima" identity enable --name RICE1
expect 0 "$dojima" identity list
grep -q 'RICE1 .* yes  *password, key' out || fail "RICE1 is not enabled"
chmod 640 dojima-data/identity/store
expect 3 "$dojima" identity list
says 'may be read or written by others (mode 0640)'
chmod 600 dojima-data/identity/store
sed -i 's/Alice/Alicf/' dojima-data/identity/store
expect 2 "$dojima" identity list
says 'dojima-data/identity/store:'
passed
