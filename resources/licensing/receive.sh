#!/bin/sh
# Puts a Portico licence together on a host that no network reaches: from the parts of its QR codes, scanned in any
# order, or from its pasted text. POSIX shell and openssl.
#
#   receive.sh OUTPUT      then scan or paste; it ends by itself, or with Ctrl-D
set -eu
LC_ALL=C
export LC_ALL

die() { echo "receive.sh: $*" >&2; exit 1; }

[ $# -eq 1 ] || { sed -n '5s/^# *//p' "$0" >&2; exit 2; }
command -v openssl >/dev/null || die 'needs openssl'
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

wanted='' total=0 pasted='' whole=''
part() { # ID NUMBER COUNT LETTERS
  case $2$3 in '' | *[!0-9]*) return ;; esac
  if [ -z "$wanted" ]; then wanted=$1 total=$3; fi
  [ "$1/$3" = "$wanted/$total" ] || { echo 'a part of another licence; passed over' >&2; return; }
  printf '%s' "$4" >"$work/$2"
  have=$(find "$work" -type f | wc -l)
  echo "$((have)) of $total" >&2
  if [ "$have" -eq "$total" ]; then whole=1; fi
}

while [ -z "$whole" ] && IFS= read -r line; do
  line=$(printf '%s' "$line" | tr -d '\r')
  case $line in
    PORTICO:????????:*/*:*)
      rest=${line#PORTICO:} id=${line#PORTICO:}
      id=${id%%:*} rest=${rest#*:}
      place=${rest%%:*}
      part "$id" "${place%/*}" "${place#*/}" "${rest#*:}"
      ;;
    '-----BEGIN PORTICO '*) pasted=$pasted$line'
' ;;
    *)
      [ -n "$pasted" ] || continue
      pasted=$pasted$line'
'
      case $line in
        '-----END PORTICO SIGNATURE-----' | '-----END PORTICO ENCRYPTED LICENSE-----') whole=1 ;;
      esac
      ;;
  esac
done

[ -n "$whole" ] || die 'not all of it came; nothing was written'
if [ -n "$pasted" ]; then
  printf '%s' "$pasted" >"$1"
else
  number=0
  while [ "$number" -lt "$total" ]; do
    number=$((number + 1))
    [ -f "$work/$number" ] || die "part $number of $total is missing"
    cat "$work/$number"
  done | openssl base64 -d -A >"$work/text"
  [ "$(openssl dgst -sha256 -r "$work/text" | cut -c1-8)" = "$wanted" ] || die 'a part was misread; begin again'
  cat "$work/text" >"$1"
fi
echo "$1"
