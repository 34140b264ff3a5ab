# shellcheck shell=bash
# bin/run --check: all of it in a folder that is thrown away, and whether what comes out is right. Sourced by bin/run.

# "name":NUMBER, each on a line of its own, from JSON on standard input.
numbers() { grep -o "\"$1\":[0-9]*" | cut -d: -f2; }

expect() {
  local what=$1 wanted=$2 found=$3
  [[ $found == "$wanted" ]] || die "check: $what: expected $wanted, found $found"
  echo "check: $what: $found"
}

# The text of one member in the first row of JSON on standard input.
first_text() { grep -o "\"$1\":\"[^\"]*\"" | head -n 1; }

# WHEN MESSAGES CONVERSATIONS PAIRS: of which rows the table has how many.
check_rows() {
  local when=$1 messages=$2 conversations=$3 pairs=$4
  expect "rows $when" $((messages + 2 * conversations + pairs)) "$(ddb scan --json | numbers Count | tail -n 1)"
  local list newest
  list=$(ddb patterns list-conversations --json)
  expect "conversations of nora $when" "$conversations" "$(grep -o '"message_group_uuid"' <<<"$list" | wc -l)"
  newest=$(ddb patterns get-conversation --limit 1 --json)
  expect "newest message $when" "$(first_text sk <<<"$list") $(first_text message <<<"$list")" \
    "$(first_text sk <<<"$newest") $(first_text message <<<"$newest")"
}

# The posted message must be the first thing in both lists, and the function's log must tell of it.
check_move() {
  local posted user top log
  posted=$(post --json)
  for user in malik nora; do
    top=$(ddb patterns list-conversations --user "$user" --limit 1 --json)
    expect "conversation on top of the list of $user" \
      "$(first_text message_group_uuid <<<"$posted") $(first_text sk <<<"$posted")" \
      "$(first_text message_group_uuid <<<"$top") $(first_text sk <<<"$top")"
  done
  log=$(logs)
  [[ $log == *"2 rows moved"*REPORT* ]] || die "check: the function's log does not tell of the move:" "$log"
  echo "check: the function's log tells of the move"
}

# A call of the application: TOKEN PATH [BODY]; its answer. Fails unless that is one of success.
api() {
  local token=$1 path=$2
  local options=(--silent --show-error --fail-with-body --max-time 30 --header "Authorization: Bearer $token")
  (($# < 3)) || options+=(--header 'Content-Type: application/json' --data-binary "$3")
  curl "${options[@]}" "$app_url$path" || die "check: $path failed"
}

# What nora's list begins with, once that is the given message: the function moves the conversation in a moment.
await_on_top() {
  local token=$1 message=$2 groups=
  for _ in {1..150}; do
    groups=$(api "$token" /api/message_groups)
    [[ $(first_text message <<<"$groups") != "\"message\":\"$message\"" ]] || break
    sleep 0.2
  done
  printf '%s\n' "$groups"
}

# teo signs in and writes to nora; nora signs in and finds the conversation on top, and the message in it.
check_application() {
  local when=$1 text="A message written $1." teo nora groups group page
  page=$(curl --silent --show-error --fail --max-time 30 "$app_url/")
  [[ $page == *'<script'* ]] || die "check: $app_url/ is no page"
  expect "what everybody else is told $when" 401 \
    "$(curl --silent --output /dev/null --write-out '%{http_code}' --max-time 30 "$app_url/api/message_groups")"
  teo=$(sign_in teo)
  nora=$(sign_in nora)
  api "$teo" /api/messages "{\"handle\":\"nora\",\"message\":\"$text\"}" >/dev/null
  groups=$(await_on_top "$nora" "$text")
  expect "who is on top of nora's list $when" '"handle":"teo" "message":"'"$text"'"' \
    "$(first_text handle <<<"$groups") $(first_text message <<<"$groups")"
  group=$(first_text uuid <<<"$groups" | cut -d'"' -f4)
  page=$(api "$nora" "/api/messages/$group")
  [[ $page == *"\"message\":\"$text\""* ]] || die "check: the conversation lacks the message: $page"
  echo "check: nora reads it in conversation $group"
}

check_people() {
  local listed user
  listed=$(cruddur cognito list-users --json)
  for user in "${people[@]}"; do
    [[ $listed == *"\"handle\":\"$user\""* ]] || die "check: the pool lacks $user: $listed"
  done
  expect "users whose sub is new to the directory" '{"updated":[]' \
    "$(cruddur db update-cognito-user-ids --json | cut -d, -f1)"
}

check_all() {
  # Functions have a /tmp of their own, and the directory must be where they see it.
  scratch=$(mktemp -d /var/tmp/cruddur-check-XXXXXX)
  data=$scratch/data directory=sqlite://$scratch/directory/directory.sqlite3
  port=0 app_port=0
  local seeded messages=0 conversations=0 count
  serve
  prepare_table
  show
  say "Check"
  seeded=$(ddb seed --json)  # a second time: must change nothing
  for count in $(numbers messages <<<"$seeded"); do
    messages=$((messages + count))
    conversations=$((conversations + 1))
  done
  expect "conversations seeded" 3 "$conversations"
  ((messages >= 80)) || die "check: only $messages messages were seeded"
  check_rows "after seeding" "$messages" "$conversations" 0
  install_function
  check_move
  messages=$((messages + 1))
  check_rows "after one more message" "$messages" "$conversations" 0
  prepare_directory
  prepare_pool
  check_people
  say "Check: the application"
  serve_app
  check_application "at first"
  messages=$((messages + 1))
  check_restart "$messages" "$conversations"
  echo "check: all is well"
}

# A second start finds what the first one left.
check_restart() {
  local messages=$1 conversations=$2 ids=$AWS_COGNITO_USER_POOL_ID/$AWS_COGNITO_USER_POOL_CLIENT_ID
  say "Check: a second start"
  end "$app" || die "check: cruddur serve did not end with 0 on SIGTERM"
  app=
  end "$server" || die "check: stator serve did not end with 0 on SIGTERM"
  server=
  "$stator" check "$data" >/dev/null || die "check: stator check finds fault with the data folder"
  serve
  check_rows "after a restart" "$messages" "$conversations" 1  # teo wrote to nora by her name
  prepare_directory
  prepare_pool
  expect "pool and client" "$ids" "$AWS_COGNITO_USER_POOL_ID/$AWS_COGNITO_USER_POOL_CLIENT_ID"
  check_people
  serve_app
  check_application "after a restart"
}
