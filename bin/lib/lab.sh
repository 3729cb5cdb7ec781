# shellcheck shell=bash
# A real LXD on this machine, by tests/labs/lxd. Several checkouts may use the same nodes at once: each holds a
# shared lock, and the last one out stops the nodes that one of us started. Nodes somebody brought up by hand
# are used and left alone. Tests that kill a daemon reserve a node for themselves. Sourced after common.sh.

LAB_BASE=${LXD_UP_BASE:-/var/lib/lxd-dev}
LAB_OWN= # the node that is reserved for us

lab_runs() { # NODE: does its daemon run?
  local pid
  pid=$(cat "$LAB_BASE/node$1/lxd.pid" 2>/dev/null) &&
    [[ $(started_at "$pid") && $(cat "/proc/$pid/comm" 2>/dev/null) == lxd ]]
}

lab_hold() { # NODE…: says that we use these nodes, until lab_release
  local node
  mkdir -p "$LAB_BASE"
  exec 7>"$LAB_BASE/users.lock"
  flock --shared 7
  for node in "$@"; do
    lab_runs "$node" || touch "$LAB_BASE/node$node.ours"
  done
}

lab_reserve() { # NODE…: sets LAB_OWN to the first that nobody else uses, until lab_release; none: it stays empty
  local node
  mkdir -p "$LAB_BASE"
  for node in "$@"; do
    exec 5>"$LAB_BASE/node$node.lock"
    flock --nonblock 5 || continue
    if lab_runs "$node" && [[ ! -e $LAB_BASE/node$node.ours ]]; then continue; fi
    touch "$LAB_BASE/node$node.ours"
    LAB_OWN=$node
    return 0
  done
  exec 5>&-
}

lab_up() { # LOG NODE…: takes a second when they run, a minute or two on a bare machine
  local log=$1
  shift
  "$ROOT/tests/labs/lxd/lxd-up" "$@" >"$log" 2>&1 </dev/null 5>&- 7>&- 9>&-
}

lab_release() { # NODE…, and the one that is reserved for us
  local node
  if [[ $LAB_OWN ]]; then
    lab_down "$LAB_OWN"
    LAB_OWN=
    exec 5>&-
  fi
  { : >&7; } 2>/dev/null || return 0
  if flock --exclusive --nonblock 7; then
    for node in "$@"; do
      [[ ! -e $LAB_BASE/node$node.ours ]] || lab_down "$node"
    done
  fi
  exec 7>&-
}

lab_down() { # NODE: one that one of us started
  "$ROOT/tests/labs/lxd/lxd-down" "$1" >/dev/null 2>&1 </dev/null 5>&- 7>&- 9>&- || true
  rm -f "$LAB_BASE/node$1.ours"
}
