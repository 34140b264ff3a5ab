# shellcheck shell=bash
# Who uses it: the directory of users, the pool they sign in to, and what ties the two. Sourced by bin/run.

readonly password=Night-train-1842
readonly -a people=(nora malik teo)

# Where the directory is unless DATABASE_URL says so: beside the data, as functions see nothing of the data folder; not
# in /tmp either, of which they have their own.
place_directory() {
  [[ -z $directory ]] || return 0
  local folder=${XDG_DATA_HOME:-$HOME/.local/share}/cruddur
  [[ -z $data ]] || folder=$data.cruddur
  folder=$(realpath -m -- "$folder")
  [[ $folder != /tmp/* ]] || folder=/var/tmp/cruddur-$(id -u)${folder//\//-}
  directory=sqlite://$folder/directory.sqlite3
}

prepare_directory() {
  say "The directory of users"
  db setup
}

# Sets the ids of pool and client for all that follows.
prepare_pool() {
  say "User pool cruddur, its demo users, and the function post-confirmation ($language)"
  local ids
  ids=$(cruddur cognito setup --language "$language" --password "$password")
  eval "$ids"
  export AWS_COGNITO_USER_POOL_ID AWS_COGNITO_USER_POOL_CLIENT_ID
  cruddur db update-cognito-user-ids
}

# An access token, by SRP.
sign_in() {
  CRUDDUR_PASSWORD=$password cruddur cognito sign-in --user "$1@example.com" --token access
}
