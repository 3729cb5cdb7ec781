#!/usr/bin/env bash
# A Redis and a MariaDB of our own, each in a folder that holds its data, port, log and pid. Nothing that
# others run is touched. Sourced by the scripts of bin/; tests that need to restart a service run it:
#
#   bin/lib/services.sh mariadb_start FOLDER     prints DB_HOST=… DB_PORT=… DB_USER=… DB_PASSWORD=…
#   bin/lib/services.sh redis_start FOLDER       prints REDIS_URL=…
#   bin/lib/services.sh end FOLDER [SECONDS]     stops what was started there
#
# Starting again where data lies keeps port, password and data.
# shellcheck source=common.sh
[[ ${ROOT:-} ]] || source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

private_folder() { # FOLDER: made if need be, with a password of its own; says the absolute path
  mkdir -p "$1" && chmod 700 "$1"
  [[ -s $1/password ]] || od -An -N16 -tx1 /dev/urandom | tr -d ' \n' >"$1/password"
  (cd "$1" && pwd)
}

# ---------------------------------------------------------------- Redis
redis_start() { # FOLDER [LINE OF CONFIGURATION…]: sets REDIS_URL
  local folder=$1 port i
  shift
  folder=$(private_folder "$folder")
  if ! alive "$folder"; then
    for ((i = 0; i < 5; i++)); do
      port=$(cat "$folder/port" 2>/dev/null || free_port)
      echo "$port" >"$folder/port"
      # BullMQ wants noeviction: a job that is evicted is a job that is lost.
      printf '%s\n' 'bind 127.0.0.1' "port $port" "dir \"$folder\"" "requirepass $(<"$folder/password")" \
        'save ""' 'maxmemory-policy noeviction' 'loglevel warning' "$@" >"$folder/redis.conf"
      spawn "$folder" redis-server "$folder/redis.conf"
      redis_answers "$folder" && break
      rm -f "$folder/port"
    done
  fi
  redis_answers "$folder" || {
    tail_log "$folder"
    return 1
  }
  REDIS_URL=redis://:$(<"$folder/password")@127.0.0.1:$(<"$folder/port")/0
  export REDIS_URL
}

redis_answers() { # FOLDER: waits up to 10 s, as long as our own process lives
  local i
  [[ -s $1/port ]] || return 1
  for ((i = 0; i < 100; i++)); do
    alive "$1" || return 1
    # Without the password it refuses every command: proof enough that it is ready.
    if [[ $(redis_ping "$(<"$1/port")") == -NOAUTH* ]]; then return 0; fi
    sleep 0.1
  done
  return 1
}

redis_ping() { # PORT
  local answer=
  { exec 8<>"/dev/tcp/127.0.0.1/$1" && printf 'PING\r\n' >&8 && read -r -t 2 answer <&8; } 2>/dev/null
  { exec 8>&-; } 2>/dev/null
  echo "$answer"
}

# ---------------------------------------------------------------- MariaDB
# A quick one for tests: a crash of the machine may lose the last second, a crash of the server nothing.
MARIADB_FOR_TESTS=(--innodb-flush-log-at-trx-commit=2 --innodb-buffer-pool-size=96M --innodb-log-file-size=48M)

mariadb_start() { # FOLDER [OPTION…]: sets DB_HOST DB_PORT DB_USER DB_PASSWORD
  local folder=$1 port from i as=()
  shift
  folder=$(private_folder "$folder")
  [[ $(id -u) != 0 ]] || as=(--user=root)
  if ! alive "$folder"; then
    if [[ ! -e $folder/data/mysql ]]; then
      rm -rf "$folder/data"
      mariadb-install-db --no-defaults "${as[@]}" --datadir="$folder/data" --skip-test-db \
        --auth-root-authentication-method=normal >"$folder/log" 2>&1 || {
        tail_log "$folder"
        return 1
      }
    fi
    {
      echo "DROP USER IF EXISTS 'root'@'127.0.0.1', 'root'@'::1', 'root'@'$(hostname)', ''@'localhost', ''@'$(hostname)';"
      for from in 127.0.0.1 localhost; do # by the port, and by the socket
        echo "CREATE USER IF NOT EXISTS 'portico'@'$from' IDENTIFIED BY '$(<"$folder/password")';"
        echo "GRANT ALL PRIVILEGES ON *.* TO 'portico'@'$from';"
      done
    } >"$folder/init.sql"
    for ((i = 0; i < 5; i++)); do
      port=$(cat "$folder/port" 2>/dev/null || free_port)
      spawn "$folder" mariadbd --no-defaults "${as[@]}" --datadir="$folder/data" --port="$port" \
        --bind-address=127.0.0.1 --socket="$(mariadb_socket "$folder")" --init-file="$folder/init.sql" \
        --character-set-server=utf8mb4 --collation-server=utf8mb4_unicode_ci --skip-name-resolve \
        --skip-log-bin --max-connections=300 "$@"
      echo "$port" >"$folder/port"
      mariadb_answers "$folder" && break
      rm -f "$folder/port"
    done
  fi
  mariadb_answers "$folder" || {
    tail_log "$folder"
    return 1
  }
  DB_PORT=$(<"$folder/port")
  DB_PASSWORD=$(<"$folder/password")
  export DB_HOST=127.0.0.1 DB_PORT DB_USER=portico DB_PASSWORD
}

# A socket's path must stay under 108 bytes, however deep the project lies; ours is used by nobody.
mariadb_socket() { if ((${#1} < 90)); then echo "$1/socket"; else mktemp -u /tmp/mariadb-XXXXXXXX.sock; fi; }

mariadb_sql() { # FOLDER STATEMENT
  MYSQL_PWD=$(<"$1/password") mariadb --no-defaults --protocol=tcp -h 127.0.0.1 -P "$(<"$1/port")" -u portico \
    -N -e "$2"
}

mariadb_answers() { # FOLDER: waits up to 30 s, as long as our own process lives
  local i
  [[ -s $1/port ]] || return 1
  for ((i = 0; i < 150; i++)); do
    alive "$1" || return 1
    if mariadb_sql "$1" 'SELECT 1' >/dev/null 2>&1; then return 0; fi
    sleep 0.2
  done
  return 1
}

mariadb_database() { # FOLDER NAME: an empty database of that name
  mariadb_sql "$1" "DROP DATABASE IF EXISTS \`$2\`; CREATE DATABASE \`$2\`"
}

# ---------------------------------------------------------------- run by a test
if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
  set -euo pipefail
  case ${1:-} in
    redis_start)
      "$@"
      echo "REDIS_URL=$REDIS_URL"
      ;;
    mariadb_start)
      "$@" "${MARIADB_FOR_TESTS[@]}"
      printf '%s\n' "DB_HOST=$DB_HOST" "DB_PORT=$DB_PORT" "DB_USER=$DB_USER" "DB_PASSWORD=$DB_PASSWORD"
      ;;
    mariadb_database | end) "$@" ;;
    *) die "redis_start FOLDER, mariadb_start FOLDER, mariadb_database FOLDER NAME or end FOLDER [SECONDS]" ;;
  esac
fi
