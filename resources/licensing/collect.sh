#!/bin/sh
# Collects what a Portico licence is bound to: hardware addresses, serial number and a key of this host's own.
# POSIX shell and openssl, which every system brings; nothing is installed and nothing is sent.
#
#   collect.sh [--parts] NAME [OUTPUT]      NAME is the licence's name; OUTPUT is NAME.hostinfo if not told
#
# For a host that no network reaches, --parts prints the file in parts to be copied, as QR codes where qrencode is.
#
# The host's key pair is made at the first run and kept in PORTICO_HOME (/etc/portico-license, or
# ~/.portico-license for who is not root). Keep it: another key is another host.
set -eu
LC_ALL=C
export LC_ALL
umask 077

check_key() {
  cat <<'PEM'
@CHECK_KEY@
PEM
}

die() { echo "collect.sh: $*" >&2; exit 1; }

parts=
if [ "${1:-}" = --parts ]; then
  parts=1
  shift
fi
[ $# -ge 1 ] && [ $# -le 2 ] || { sed -n '5s/^# *//p' "$0" >&2; exit 2; }
name=$1
output=${2:-$name.hostinfo}
command -v openssl >/dev/null || die 'needs openssl'
case $name in '' | *[!A-Za-z0-9._-]*) die 'a licence name has letters, digits, dots, dashes and underscores' ;; esac

if [ -z "${PORTICO_HOME:-}" ]; then
  if [ "$(id -u)" = 0 ]; then PORTICO_HOME=/etc/portico-license; else PORTICO_HOME=$HOME/.portico-license; fi
fi
mkdir -p "$PORTICO_HOME"
work=$(mktemp -d "$PORTICO_HOME/work.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# Real network cards: bridges, tunnels and the like come and go.
macs() {
  if [ -n "${PORTICO_MACS:-}" ]; then
    printf '%s\n' "$PORTICO_MACS" | tr ',; ' '\n\n\n'
  elif [ -d /sys/class/net ]; then
    for card in /sys/class/net/*; do
      if [ -e "$card/device" ]; then cat "$card/address"; fi
    done
  else
    ifconfig -a | sed -n 's/.*\(ether\|HWaddr\|lladdr\) \([0-9a-fA-F:]*\).*/\2/p'
  fi
}
any_mac() {
  for card in /sys/class/net/*/address; do cat "$card"; done 2>/dev/null
}
tidy() {
  tr 'A-F' 'a-f' | grep -E '^[0-9a-f]{2}(:[0-9a-f]{2}){5}$' | grep -v '^00:00:00:00:00:00$' |
    sort -u | head -n 8 | tr '\n' ',' | sed 's/,$//'
}

serial_number() {
  if [ -n "${PORTICO_SERIAL:-}" ]; then
    printf '%s\n' "$PORTICO_SERIAL"
    return
  fi
  for file in /sys/class/dmi/id/product_serial /sys/class/dmi/id/product_uuid /sys/class/dmi/id/board_serial \
    /sys/firmware/devicetree/base/serial-number /etc/machine-id; do
    [ -r "$file" ] || continue
    value=$(tr -d '\000\r' <"$file" | head -n 1 | tr -cd 'A-Za-z0-9 ._:/-' | sed 's/^ *//; s/ *$//' | cut -c1-120)
    case $value in
      '' | None | 0 | 'Not Specified' | 'To be filled by O.E.M.' | 'System Serial Number' | 'Default string') ;;
      *)
        printf '%s\n' "$value"
        return
        ;;
    esac
  done
  return 1
}

mac=$(macs | tidy || true)
[ -n "$mac" ] || mac=$(any_mac | tidy || true)
[ -n "$mac" ] || die 'finds no hardware address; tell one with PORTICO_MACS=52:54:00:12:34:56'
serial=$(serial_number) || die 'finds no serial number; tell one with PORTICO_SERIAL=…'

key=$PORTICO_HOME/host.key
if [ ! -s "$key" ]; then
  openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$work/host.key" 2>/dev/null
  mv "$work/host.key" "$key"
fi

check_key >"$work/check.pem"
hex() { od -An -v -tx1 | tr -d ' \n'; }
printf '%s' "$serial" | openssl dgst -md5 -r | cut -c1-32 | tr -d '\n' >"$work/digest"
openssl pkeyutl -encrypt -pubin -inkey "$work/check.pem" -pkeyopt rsa_padding_mode:pkcs1 \
  -in "$work/digest" -out "$work/code" || die 'the check code cannot be made'

{
  printf '%s\n%s\n%s\n' "$name" "$mac" "$serial"
  hex <"$work/code"
  echo
  openssl rsa -in "$key" -RSAPublicKey_out 2>/dev/null
} >"$work/info"
openssl dgst -sha256 -sign "$key" -out "$work/signature" "$work/info"
{
  cat "$work/info"
  printf 'signature: '
  hex <"$work/signature"
  echo
} >"$work/output"
umask 022
cat "$work/output" >"$output"
[ -n "$parts" ] || {
  echo "$output: $name, $serial, $mac"
  exit 0
}

letters=$(openssl base64 -A -in "$output")
id=$(openssl dgst -sha256 -r "$output" | cut -c1-8)
count=$(((${#letters} + 639) / 640))
number=0
printf '%s\n' "$letters" | fold -w 640 | while IFS= read -r chunk; do
  number=$((number + 1))
  part="PORTICO:$id:$number/$count:$chunk"
  if [ -t 1 ] && command -v qrencode >/dev/null; then
    echo "$number/$count"
    qrencode -t UTF8 -l L "$part"
  else
    printf '%s\n' "$part"
  fi
done
