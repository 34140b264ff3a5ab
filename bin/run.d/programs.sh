# shellcheck shell=bash
# What is built, and how it is called. Sourced by bin/run.

readonly stator=build/release/stator cruddur=build/release/cruddur built_page=build/web/messages
readonly table=cruddur-messages

build() {
  say "Building the release and the page (the first time takes some minutes)"
  bin/setup build || die "not everything needed to build could be installed; bin/setup says why above"
  mkdir -p build
  cmake --preset release >build/configure.log 2>&1 || {
    tail -n 20 build/configure.log >&2
    die "CMake could not configure the build; the lines above are the end of build/configure.log"
  }
  cmake --build --preset release --target stator stator-cli cruddur ||
    die "the build failed; if it ran out of memory, try: cmake --build --preset release -j1"
  bin/web || die "the page could not be built; its lines above say why"
}

# Both programs on this server, whatever else the environment points them to.
readonly -a local_environment=(AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local)
as_local() { env "${local_environment[@]}" DATABASE_URL="$directory" "$@"; }
cruddur() { as_local "$cruddur" "$@" --endpoint-url "$url" --region us-east-1; }
ddb() { cruddur ddb "$@"; }
# The directory is no part of the server.
db() { as_local "$cruddur" db "$@"; }
