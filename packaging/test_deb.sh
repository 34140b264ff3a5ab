#!/bin/bash
# Makes the Debian package of a release build, unpacks it into a temporary folder and runs what is in it.
#
#   packaging/test_deb.sh [BUILD_FOLDER]     (default: build/release)
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
build=${1:-$root/build/release}
scratch=$(mktemp -d)
server=
cleanup() {
  [[ -z $server ]] || kill "$server" 2>/dev/null || true
  rm -rf "$scratch"
}
trap cleanup EXIT
fail() {
  echo "test_deb: $*" >&2
  exit 1
}

(cd "$build" && cpack -B "$scratch/out" >"$scratch/cpack.log" 2>&1) || { cat "$scratch/cpack.log" >&2; fail "cpack failed"; }
package=$(echo "$scratch"/out/stator_*.deb)
[[ -f $package ]] || fail "cpack made no stator_*.deb"

depends=$(dpkg-deb -f "$package" Depends)
for library in libc6 librocksdb libssl3; do
  [[ $depends == *$library* ]] || fail "the package does not depend on $library: $depends"
done

dpkg-deb -x "$package" "$scratch/unpacked"
for file in usr/bin/stator usr/bin/cruddur usr/lib/stator/stator-cli \
  usr/lib/stator/functions/messaging-stream/bootstrap \
  usr/lib/stator/functions/messaging-stream/lambda_function.py \
  usr/lib/stator/functions/post-confirmation/bootstrap \
  usr/lib/stator/functions/post-confirmation/lambda_function.py usr/share/doc/stator/copyright \
  usr/share/doc/stator/changelog.gz usr/lib/systemd/system/stator.service usr/share/man/man1/stator.1.gz; do
  [[ -f $scratch/unpacked/$file ]] || fail "the package lacks /$file"
done
"$scratch/unpacked/usr/bin/stator" --version >/dev/null || fail "stator --version failed"
"$scratch/unpacked/usr/bin/cruddur" --help >/dev/null || fail "cruddur --help failed"
readelf -d "$scratch/unpacked/usr/bin/stator" | grep -qE 'R(UN)?PATH' && fail "stator looks for libraries in a build folder"

# Serve on a port of the kernel's choice, and reach the command line beside it.
"$scratch/unpacked/usr/bin/stator" serve --port 0 --data "$scratch/data" >"$scratch/ready" 2>"$scratch/log" &
server=$!
for _ in $(seq 200); do
  [[ -s $scratch/ready ]] && break
  kill -0 "$server" 2>/dev/null || { cat "$scratch/log" >&2; fail "stator serve ended"; }
  sleep 0.05
done
address=$(sed -n 's/^stator: listening on //p' "$scratch/ready")
[[ -n $address ]] || fail "no ready line within ten seconds"
curl -fsS "$address/" | grep -q '^healthy: dynamodb' || fail "$address/ does not answer as healthy"
kill -TERM "$server"
wait "$server" || fail "stator serve did not end with 0 on SIGTERM"
server=
"$scratch/unpacked/usr/bin/stator" check "$scratch/data" >/dev/null || fail "stator check found fault with the folder"
echo "test_deb: $(basename "$package") is good"
