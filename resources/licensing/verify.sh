#!/bin/sh
# Verifies a Portico licence without asking anybody. POSIX shell and openssl 1.1.1 or later.
#
#   verify.sh LICENCE --keys RING [--host HOSTINFO] [--product CODE] [--revocations FILE]
#             [--state FILE] [--now 2026-11-21T13:00:00Z] [--print]
#
# The first line of the answer is one of MALFORMED UNKNOWN_KEY BAD_SIGNATURE REVOKED NOT_YET_VALID EXPIRED
# HOST_MISMATCH PRODUCT_MISMATCH CLOCK_BACK VALID; of several that hold, the first. Exit status 0 for VALID,
# 1 for everything else, 2 for a wrong call. --state remembers the latest moment seen, so that a clock that is
# set back revives nothing. --print adds the nine classic lines of a licence that is VALID.
set -u
LC_ALL=C
export LC_ALL

usage() { sed -n '4,5s/^# *//p' "$0" >&2; exit 2; }

[ $# -ge 1 ] || usage
licence=$1; shift
ring= host= product= revocations= state= now= print=
while [ $# -gt 0 ]; do
  case $1 in
    --print) print=1; shift; continue ;;
    --keys | --host | --product | --revocations | --state | --now) [ $# -ge 2 ] || usage ;;
    *) usage ;;
  esac
  case $1 in
    --keys) ring=$2 ;;
    --host) host=$2 ;;
    --product) product=$2 ;;
    --revocations) revocations=$2 ;;
    --state) state=$2 ;;
    --now) now=$2 ;;
  esac
  shift 2
done
[ -n "$ring" ] && [ -r "$ring" ] || usage
[ -n "$now" ] || now=$(date -u +%Y-%m-%dT%H:%M:%SZ)

work=$(mktemp -d "${TMPDIR:-/tmp}/portico.XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM

answer() {
  echo "$1"
  if [ "$1" = VALID ]; then
    [ -z "$print" ] || classic
    exit 0
  fi
  exit 1
}

# number MOMENT: as a number that can be compared
number() { printf '%s' "$1" | tr -cd '0-9'; }

is_moment() {
  printf '%s\n' "$1" | grep -Eq '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z$'
}

sha256() { openssl dgst -sha256 -r | cut -c1-64; }

# member NAME FILE: the value as it is written, without the comma behind it
member() { sed -n "s/^\"$1\":\(.*\)\$/\1/p" "$2" | sed '$!d; s/,$//'; }

# text NAME FILE: the string of a member
text() { member "$1" "$2" | sed 's/^"\(.*\)"$/\1/; s/\\\(["\\]\)/\1/g'; }

classic() {
  member classic "$work/licence" | sed 's/^\["//; s/"\]$//; s/","/\
/g' | sed 's/\\\(["\\]\)/\1/g'
}

# plain FILE: without carriage returns before line ends and blank lines at the end
plain() {
  cr=$(printf '\r')
  sed "s/$cr\$//" "$1" | awk '{ lines[NR] = $0 } /./ { last = NR } END { for (i = 1; i <= last; i++) print lines[i] }'
}

# unarmour KIND FILE OUT: writes OUT and OUT.signature; the armour has one spelling
unarmour() {
  # A zero byte would be swallowed on the way.
  [ "$(tr -d '\000' <"$2" | wc -c)" = "$(wc -c <"$2")" ] || return 1
  plain "$2" >"$3.armour"
  : >"$3" && : >"$3.signature"
  awk -v text="$3.b64" -v sign="$3.signature.b64" -v kind="$1" '
    BEGIN { out = ""; step = 0; printf "" > text; printf "" > sign }
    $0 == "-----BEGIN PORTICO " kind "-----" && step == 0 { step = 1; next }
    $0 == "-----END PORTICO " kind "-----" && step == 1 { step = 2; next }
    $0 == "-----BEGIN PORTICO SIGNATURE-----" && step == 2 { step = 3; next }
    $0 == "-----END PORTICO SIGNATURE-----" && step == 3 { step = 4; next }
    step == 1 { print > text; next }
    step == 3 { print > sign; next }
    { exit 1 }
    END { exit step == 4 ? 0 : 1 }' "$3.armour" || return 1
  openssl base64 -d -in "$3.b64" -out "$3" 2>/dev/null || return 1
  openssl base64 -d -in "$3.signature.b64" -out "$3.signature" 2>/dev/null || return 1
  {
    echo "-----BEGIN PORTICO $1-----"
    openssl base64 -in "$3"
    echo "-----END PORTICO $1-----"
    echo '-----BEGIN PORTICO SIGNATURE-----'
    openssl base64 -in "$3.signature"
    echo '-----END PORTICO SIGNATURE-----'
  } | cmp -s - "$3.armour"
}

# members FILE: the names of the members, if every line is one
members() {
  awk '
    NR == 1 { if ($0 != "{") exit 1; next }
    { if (closed) exit 1 }
    $0 == "}" { closed = 1; next }
    { if (!match($0, /^"[a-z_]+":/)) exit 1
      printf "%s,", substr($0, 2, RLENGTH - 3)
      value = substr($0, RLENGTH + 1)
      if (value ~ /,$/) { value = substr(value, 1, length(value) - 1); open = 1 } else open = 0
      if (value !~ /^(0|[1-9][0-9]*)$/ && value !~ /^"([^"\\]|\\["\\])*"$/ && value !~ /^\[("([^"\\]|\\["\\])*"(,"([^"\\]|\\["\\])*")*)?\]$/) exit 1 }
    END { if (!closed || open) exit 1 }' "$1"
}

# opened KIND FILE OUT EXPECTED_MEMBERS: empty when somebody the ring knows has signed it, else the answer
opened() {
  unarmour "$1" "$2" "$3" || { echo MALFORMED; return; }
  lower=$(printf '%s' "$1" | tr 'A-Z' 'a-z')
  names=$(members "$3") || { echo MALFORMED; return; }
  [ "$(text kind "$3")" = "$lower" ] || { echo MALFORMED; return; }
  [ "$names" = "$4," ] && [ "$(member format "$3")" = 1 ] || { echo MALFORMED; return; }
  key=$(text key "$3")
  printf '%s\n' "$key" | grep -Eq '^k[0-9a-f]{16}$' || { echo UNKNOWN_KEY; return; }
  tr -d '\r' <"$ring" | awk -v key="key: $key" -v pem="$3.pem" -v alg="$3.alg" '
    $0 == key { found = 1; next }
    found == 1 && /^algorithm: / { print substr($0, 12) > alg; next }
    found == 1 { print > pem }
    found == 1 && /^-----END PUBLIC KEY-----$/ { found = 2; exit }
    END { exit found == 2 ? 0 : 1 }' || { echo UNKNOWN_KEY; return; }
  algorithm=$(cat "$3.alg")
  [ "$(text algorithm "$3")" = "$algorithm" ] || { echo BAD_SIGNATURE; return; }
  case $algorithm in
    RSA-PSS-SHA256)
      openssl dgst -sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32 \
        -verify "$3.pem" -signature "$3.signature" "$3" >/dev/null 2>&1
      ;;
    Ed25519)
      openssl pkeyutl -verify -pubin -inkey "$3.pem" -rawin -in "$3" \
        -sigfile "$3.signature" >/dev/null 2>&1
      ;;
    *) false ;;
  esac || echo BAD_SIGNATURE
}

# fingerprint FILE: of a host information file
fingerprint() {
  plain "$1" >"$work/host"
  macs=$(sed -n 2p "$work/host" | tr 'A-F-' 'a-f:' | grep -Eo '[0-9a-f]{2}(:[0-9a-f]{2}){5}' |
    sort -u | tr '\n' ',' | sed 's/,$//')
  serial=$(sed -n 3p "$work/host")
  key=$(sed -n '/^-----BEGIN /,/^-----END /p' "$work/host" | grep -v '^-----' | tr -d '\n' | sha256)
  printf 'portico-host-1\n%s\n%s\n%s\n' "$macs" "$serial" "$key" | sha256
}

LICENCE_MEMBERS=kind,format,key,algorithm,serial,license,name,product,holder,max_vm,max_image,max_user,max_vcpu,max_vmem,max_vdisk,expires,mac,serial_number,entitlements,host_key,host,not_before,expires_at,grace_until,issued_at,classic_order,classic
LIST_MEMBERS=kind,format,key,algorithm,number,this_update,next_update,revoked,revoked_keys

[ -r "$licence" ] || answer MALFORMED
fault=$(opened LICENSE "$licence" "$work/licence" "$LICENCE_MEMBERS")
[ -z "$fault" ] || answer "$fault"
serial=$(member serial "$work/licence")
from=$(text not_before "$work/licence")
until=$(text grace_until "$work/licence")
for moment in "$from" "$until" "$now"; do is_moment "$moment" || answer MALFORMED; done

if [ -n "$revocations" ]; then
  [ -r "$revocations" ] || answer MALFORMED
  fault=$(opened REVOCATIONS "$revocations" "$work/list" "$LIST_MEMBERS")
  [ -z "$fault" ] || answer "$fault"
  hash=$(printf 'portico-serial-1\n%s\n' "$serial" | sha256)
  member revoked "$work/list" | grep -Fq "\"$hash\"" && answer REVOKED
  member revoked_keys "$work/list" | grep -Fq "\"$(text key "$work/licence")\"" && answer REVOKED
fi

# A clock that was set back counts as if it had stood still.
back=
if [ -n "$state" ] && [ -r "$state" ]; then
  seen=$(head -n 1 "$state")
  if is_moment "$seen" && [ "$(number "$now")" -lt "$(number "$seen")" ]; then
    back=1
    now=$seen
  fi
fi
if [ -n "$state" ] && [ -z "$back" ]; then
  printf '%s\n' "$now" >"$state.$$" && mv "$state.$$" "$state"
fi

[ "$(number "$now")" -ge "$(number "$from")" ] || answer NOT_YET_VALID
[ "$(number "$now")" -lt "$(number "$until")" ] || answer EXPIRED
if [ -n "$host" ]; then
  [ -r "$host" ] && [ "$(fingerprint "$host")" = "$(text host "$work/licence")" ] || answer HOST_MISMATCH
fi
[ -z "$product" ] || [ "$product" = "$(text product "$work/licence")" ] || answer PRODUCT_MISMATCH
[ -z "$back" ] || answer CLOCK_BACK
answer VALID
