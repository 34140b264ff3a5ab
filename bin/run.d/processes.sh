# shellcheck shell=bash
# The server and the back end: begun, awaited, stopped. Sourced by bin/run.

server= url=  # stator serve
app= app_url=  # cruddur serve
scratch=      # a folder that goes at the end

# Begins a program that prints "NAME: listening on URL" once it is ready; sets `begun` to its process and `begun_url`.
# Returns 1 if it ends before or is not ready within a minute.
begin() {
  local name=$1 both ready line=
  shift
  # A pipe without a name, which the program alone writes to: when it ends, reading does.
  exec {both}<> <(:)
  exec {ready}<"/dev/fd/$both"
  "$@" </dev/null >"/dev/fd/$both" {both}<&- {ready}<&- &
  begun=$!
  exec {both}<&-
  read -r -t 60 -u "$ready" line || line=
  begun_url=${line#"$name: listening on "}
  [[ -n $line && $begun_url == http://* ]]
}

# Its exit code.
end() {
  local process=$1 code=0
  kill -TERM "$process" 2>/dev/null || true
  wait "$process" || code=$?
  return "$code"
}

stop() {
  trap '' INT TERM
  [[ -z $app ]] || end "$app" || true
  [[ -z $server ]] || end "$server" || true
  app= server=
  [[ -z $scratch ]] || rm -rf "$scratch"
}

serve() {
  local arguments=(serve --port "$port")
  [[ -z $data ]] || arguments+=(--data "$data")
  begin stator "$stator" "${arguments[@]}" || die "stator serve did not start; its line above says why" \
    "  port $port is taken: stop what listens there, or choose another: bin/run --port $((port + 1))" \
    "  the data folder is in use or damaged: choose another: bin/run --data FOLDER"
  server=$begun url=$begun_url
}

serve_app() {
  begin cruddur env "${local_environment[@]}" DATABASE_URL="$directory" "$cruddur" serve --port "$app_port" \
    --web "$built_page" --endpoint-url "$url" --region us-east-1 ||
    die "cruddur serve did not start; its line above says why" \
      "  port $app_port is taken: stop what listens there, or choose another: bin/run --app-port $((app_port + 1))"
  app=$begun app_url=$begun_url
}

# Until one of the two ends, which neither does by itself.
await_end() {
  local ended= code=0
  wait -n -p ended "$server" "$app" || code=$?
  if [[ $ended == "$app" ]]; then
    app=
    die "cruddur serve ended by itself with exit code $code; its lines above say why"
  fi
  server=
  die "stator serve ended by itself with exit code $code; its lines above say why"
}
