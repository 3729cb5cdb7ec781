#!/bin/sh
# Opens a licence that was encrypted for this host, into the plain one that verifiers read.
#
#   unwrap.sh ENCRYPTED HOST_KEY >LICENCE
#
# The counter mode beneath AES-GCM is all that openssl's command line has of it; that nobody changed the text is
# what the licence's own signature tells: verify it before you believe it.
set -eu
[ $# -eq 2 ] || { sed -n '4s/^# *//p' "$0" >&2; exit 2; }
work=$(mktemp -d "${TMPDIR:-/tmp}/portico.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

hex() { od -An -v -tx1 | tr -d ' \n'; }
tr -d '\r' <"$1" | sed '/^-----/d' | openssl base64 -d >"$work/all"
head=$(head -c 3 "$work/all" | hex)
case $head in 01*) ;; *) echo 'unwrap.sh: not an encrypted licence' >&2; exit 1 ;; esac
size=$((0x${head#01}))
tail -c +4 "$work/all" | head -c "$size" >"$work/wrapped"
iv=$(tail -c +$((4 + size)) "$work/all" | head -c 12 | hex)
tail -c +$((4 + size + 28)) "$work/all" >"$work/text"
openssl pkeyutl -decrypt -inkey "$2" -pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha256 \
  -in "$work/wrapped" -out "$work/key" 2>/dev/null ||
  { echo 'unwrap.sh: it is for another host' >&2; exit 1; }
openssl enc -d -aes-256-ctr -K "$(hex <"$work/key")" -iv "${iv}00000002" -in "$work/text"
