#!/bin/bash
# Makes the Debian package of a release build, unpacks it into a temporary folder and runs what is in it.
#
#   packaging/test_deb.sh [BUILD_FOLDER]     (default: build/release)
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
build=${1:-$root/build/release}
work=$(mktemp -d)
server=
cleanup() {
  [[ -z $server ]] || kill "$server" 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT
fail() {
  echo "test_deb: $*" >&2
  exit 1
}

(cd "$build" && cpack -B "$work/out" >"$work/cpack.log" 2>&1) || { cat "$work/cpack.log" >&2; fail "cpack failed"; }
package=$(echo "$work"/out/stator_*.deb)
[[ -f $package ]] || fail "cpack made no stator_*.deb"

depends=$(dpkg-deb -f "$package" Depends)
for library in libc6 librocksdb libssl3; do
  [[ $depends == *$library* ]] || fail "the package does not depend on $library: $depends"
done

dpkg-deb -x "$package" "$work/root"
for file in usr/bin/stator usr/bin/cruddur usr/lib/stator/stator-cli usr/share/doc/stator/copyright \
  usr/share/doc/stator/changelog.gz usr/lib/systemd/system/stator.service usr/share/man/man1/stator.1.gz; do
  [[ -f $work/root/$file ]] || fail "the package lacks /$file"
done
"$work/root/usr/bin/stator" --version >/dev/null || fail "stator --version failed"
"$work/root/usr/bin/cruddur" --help >/dev/null || fail "cruddur --help failed"
readelf -d "$work/root/usr/bin/stator" | grep -qE 'R(UN)?PATH' && fail "stator looks for libraries in a build folder"

# Serve on a port of the kernel's choice, and reach the command line beside it.
"$work/root/usr/bin/stator" serve --port 0 --data "$work/data" >"$work/ready" 2>"$work/log" &
server=$!
for _ in $(seq 200); do
  [[ -s $work/ready ]] && break
  kill -0 "$server" 2>/dev/null || { cat "$work/log" >&2; fail "stator serve ended"; }
  sleep 0.05
done
address=$(sed -n 's/^stator: listening on //p' "$work/ready")
[[ -n $address ]] || fail "no ready line within ten seconds"
curl -fsS "$address/" | grep -q '^healthy: dynamodb' || fail "$address/ does not answer as healthy"
kill -TERM "$server"
wait "$server" || fail "stator serve did not end with 0 on SIGTERM"
server=
"$work/root/usr/bin/stator" check "$work/data" >/dev/null || fail "stator check found fault with the folder"
echo "test_deb: $(basename "$package") is good"
