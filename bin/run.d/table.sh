# shellcheck shell=bash
# The table, its conversations, and the function that moves them. Sourced by bin/run.

is_seeded() {
  [[ $(ddb patterns list-conversations --limit 1 --json) == *'"sk":'* ]]
}

prepare_table() {
  say "Table $table"
  ddb schema-load --if-missing --quiet
  if is_seeded; then
    echo "kept the conversations it holds"
  else
    ddb seed --quiet
  fi
}

show() {
  say "Who nora writes to: one Query of the base table, newest first"
  ddb patterns list-conversations --quiet
  say "The newest messages: one Query of the base table, read backwards"
  ddb patterns get-conversation --limit 8 --quiet
}

install_function() {
  say "The function messaging-stream ($language) on the table's stream"
  cruddur functions install --language "$language" --quiet
}

# What the function has said, once the log tells how a run that moved rows went: that line comes after the rows.
logs() {
  local text=
  for _ in {1..50}; do
    text=$(as_local "$stator" logs messaging-stream --endpoint-url "$url")
    [[ $text != *"2 rows moved"*REPORT* ]] || break
    sleep 0.2
  done
  printf '%s\n' "$text"
}

# One message by malik, whose conversation with nora is not her newest at first.
post() {
  cruddur messages post --user malik --with nora --wait 30 "$@" "The cow says hello."
}
