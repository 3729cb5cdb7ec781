#!/usr/bin/env python3
"""Verifies a Portico licence without asking anybody. Python 3.8 or later, the standard library only.

  verify.py LICENCE --keys RING [--host HOSTINFO] [--product CODE] [--revocations FILE]
            [--state FILE] [--now 2026-11-21T13:00:00Z] [--print]

As a module: verify_license(licence, keys=..., now=...) -> (code, facts). Answers and exit status are those of
verify.sh. RSA-PSS and Ed25519 are checked here by themselves: public data only, so timing tells nothing.
"""
import base64
import hashlib
import json
import os
import re
import sys
import time

LICENSE_MEMBERS = (
    "kind,format,key,algorithm,serial,license,name,product,holder,max_vm,max_image,max_user,max_vcpu,max_vmem,"
    "max_vdisk,expires,mac,serial_number,entitlements,host_key,host,not_before,expires_at,grace_until,issued_at,"
    "classic_order,classic"
)
LIST_MEMBERS = "kind,format,key,algorithm,number,this_update,next_update,revoked,revoked_keys"
MOMENT = re.compile(
    r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z"
)
STRING = r'"(?:[^"\\]|\\["\\])*"'
VALUE = re.compile(r"(?:0|[1-9][0-9]*|%s|\[(?:%s(?:,%s)*)?\])" % (STRING, STRING, STRING))
ENTRY = re.compile(
    "key: (k[0-9a-f]{16})\nalgorithm: (\\S+)\n"
    "-----BEGIN PUBLIC KEY-----\n([A-Za-z0-9+/=\n]+)\n-----END PUBLIC KEY-----\n"
)


class Fault(Exception):
    pass


def sha256(text):
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def plain(text):
    return text.replace("\r\n", "\n").rstrip("\n") + "\n"


def verify_license(licence, keys, now, host=None, product=None, revocations=None, last_seen=None):
    ring = {key: (algorithm, base64.b64decode(pem)) for key, algorithm, pem in ENTRY.findall(plain(keys))}
    try:
        facts = opened("LICENSE", licence, ring, LICENSE_MEMBERS)
        if not all(MOMENT.fullmatch(moment) for moment in (facts["not_before"], facts["grace_until"], now)):
            raise Fault("MALFORMED")
        revoked = revocations is not None and opened("REVOCATIONS", revocations, ring, LIST_MEMBERS)
    except Fault as fault:
        return str(fault), None
    if revoked and (
        sha256("portico-serial-1\n%d\n" % facts["serial"]) in revoked["revoked"]
        or facts["key"] in revoked["revoked_keys"]
    ):
        return "REVOKED", facts
    # A clock that was set back counts as if it had stood still.
    is_back = is_moment(last_seen) and now < last_seen
    if is_back:
        now = last_seen
    if now < facts["not_before"]:
        return "NOT_YET_VALID", facts
    if now >= facts["grace_until"]:
        return "EXPIRED", facts
    if host is not None and host_fingerprint(host) != facts["host"]:
        return "HOST_MISMATCH", facts
    if product is not None and product != facts["product"]:
        return "PRODUCT_MISMATCH", facts
    return ("CLOCK_BACK" if is_back else "VALID"), facts


def is_moment(text):
    return bool(text and MOMENT.fullmatch(text))


def opened(kind, document, ring, members):
    data, signature = dearmour(document, kind)
    try:
        facts = parse(data.decode("utf-8"), members)
    except UnicodeDecodeError:
        raise Fault("MALFORMED")
    if facts["kind"] != kind.lower() or facts["format"] != 1:
        raise Fault("MALFORMED")
    if facts["key"] not in ring:
        raise Fault("UNKNOWN_KEY")
    algorithm, spki = ring[facts["key"]]
    checks = {"RSA-PSS-SHA256": is_pss, "Ed25519": is_ed25519}
    if algorithm != facts["algorithm"] or algorithm not in checks:
        raise Fault("BAD_SIGNATURE")
    if not checks[algorithm](spki, data, signature):
        raise Fault("BAD_SIGNATURE")
    return facts


def dearmour(document, kind):
    """The armour has one spelling: what is written again must be what was read."""
    match = re.fullmatch(
        "-----BEGIN PORTICO {0}-----\n([^-]+)\n-----END PORTICO {0}-----\n"
        "-----BEGIN PORTICO SIGNATURE-----\n([^-]+)\n-----END PORTICO SIGNATURE-----\n".format(kind),
        plain(document),
    )
    if not match:
        raise Fault("MALFORMED")
    return unwrapped(match.group(1)), unwrapped(match.group(2))


def unwrapped(lines):
    try:
        data = base64.b64decode(lines.replace("\n", ""), validate=True)
    except ValueError:
        raise Fault("MALFORMED")
    again = base64.b64encode(data).decode("ascii")
    if "\n".join(again[at : at + 64] for at in range(0, len(again), 64)) != lines:
        raise Fault("MALFORMED")
    return data


def parse(text, members):
    if not text.startswith("{\n") or not text.endswith("\n}\n"):
        raise Fault("MALFORMED")
    facts = {}
    for line in text[2:-3].split(",\n"):
        match = re.fullmatch('"([a-z_]+)":(.*)', line)
        if not match or match.group(1) in facts or not VALUE.fullmatch(match.group(2)):
            raise Fault("MALFORMED")
        facts[match.group(1)] = json.loads(match.group(2))
    if ",".join(facts) != members:
        raise Fault("MALFORMED")
    return facts


def host_fingerprint(host_info):
    lines = plain(host_info).split("\n") + ["", "", ""]
    macs = sorted(set(re.findall("[0-9a-f]{2}(?::[0-9a-f]{2}){5}", lines[1].lower().replace("-", ":"))))
    letters, inside = "", False
    for line in lines:
        if line.startswith("-----END "):
            break
        if inside:
            letters += line
        inside = inside or line.startswith("-----BEGIN ")
    return sha256("portico-host-1\n%s\n%s\n%s\n" % (",".join(macs), lines[2], sha256(letters)))


# ---- RSASSA-PSS (RFC 8017) with SHA-256 and a salt of 32 bytes


def is_pss(spki, data, signature):
    modulus, exponent = rsa_numbers(spki)
    size = (modulus.bit_length() + 7) // 8
    bits = modulus.bit_length() - 1
    length = (bits + 7) // 8
    value = int.from_bytes(signature, "big")
    if len(signature) != size or value >= modulus:
        return False
    number = pow(value, exponent, modulus)
    if number.bit_length() > 8 * length:
        return False
    encoded = number.to_bytes(length, "big")
    masked, digest = encoded[: length - 33], encoded[length - 33 : -1]
    if encoded[-1] != 0xBC or masked[0] >> (8 - (8 * length - bits)):
        return False
    mask = mgf1(digest, len(masked))
    block = bytearray(a ^ b for a, b in zip(masked, mask))
    block[0] &= 0xFF >> (8 * length - bits)
    salt_at = len(block) - 32
    if any(block[: salt_at - 1]) or block[salt_at - 1] != 1:
        return False
    message = bytes(8) + hashlib.sha256(data).digest() + bytes(block[salt_at:])
    return hashlib.sha256(message).digest() == digest


def mgf1(seed, length):
    mask = b"".join(
        hashlib.sha256(seed + counter.to_bytes(4, "big")).digest() for counter in range(length // 32 + 1)
    )
    return mask[:length]


def rsa_numbers(spki):
    _, outer, _ = der(spki)
    _, _, rest = der(outer)
    _, bits, _ = der(rest)
    _, key, _ = der(bits[1:])
    _, modulus, rest = der(key)
    _, exponent, _ = der(rest)
    return int.from_bytes(modulus, "big"), int.from_bytes(exponent, "big")


def der(data):
    """Tag, content, and what follows."""
    length, at = data[1], 2
    if length & 0x80:
        at = 2 + (length & 0x7F)
        length = int.from_bytes(data[2:at], "big")
    return data[0], data[at : at + length], data[at + length :]


# ---- Ed25519 (RFC 8032)

P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
I = pow(2, (P - 1) // 4, P)


def add(a, b):
    e = (a[1] - a[0]) * (b[1] - b[0]) % P
    f = (a[1] + a[0]) * (b[1] + b[0]) % P
    g = 2 * a[3] * b[3] * D % P
    h = 2 * a[2] * b[2] % P
    x, y, z, t = f - e, h - g, h + g, f + e
    return (x * y % P, z * t % P, y * z % P, x * t % P)


def multiply(scalar, point):
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point = add(point, point)
        scalar >>= 1
    return result


def recover_x(y, sign):
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * I % P
    if (x * x - square) % P:
        return None
    return P - x if x & 1 != sign else x


def point_of(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    x = recover_x(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


def is_ed25519(spki, data, signature):
    public = spki[-32:]
    if len(signature) != 64:
        return False
    key, nonce = point_of(public), point_of(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or nonce is None or scalar >= Q:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + data).digest(), "little") % Q
    y = 4 * pow(5, P - 2, P) % P
    x = recover_x(y, 0)
    left = multiply(scalar, (x, y, 1, x * y % P))
    right = add(nonce, multiply(challenge, key))
    return not (left[0] * right[2] - right[0] * left[2]) % P and not (left[1] * right[2] - right[1] * left[2]) % P


def read(path):
    if path is None:
        return None
    try:
        with open(path, encoding="utf-8", newline="") as file:
            return file.read()
    except (OSError, UnicodeDecodeError):
        return ""


def main(arguments):
    asked, names = {}, ("keys", "host", "product", "revocations", "state", "now")
    licence, rest = (arguments[0], arguments[1:]) if arguments else (None, [])
    while rest:
        name = rest.pop(0)[2:]
        if name == "print":
            asked[name] = True
        elif name in names and rest:
            asked[name] = rest.pop(0)
        else:
            return usage()
    if licence is None or "keys" not in asked:
        return usage()
    now = asked.get("now") or time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    state = asked.get("state")
    last_seen = (read(state) or "").split("\n")[0]
    code, facts = verify_license(
        read(licence),
        read(asked["keys"]),
        now,
        host=read(asked.get("host")),
        product=asked.get("product"),
        revocations=read(asked.get("revocations")),
        last_seen=last_seen,
    )
    if state and facts and code != "REVOKED" and not (is_moment(last_seen) and now < last_seen):
        with open("%s.%d" % (state, os.getpid()), "w") as file:
            file.write(now + "\n")
        os.replace(file.name, state)
    print(code)
    if code == "VALID" and "print" in asked:
        print("\n".join(facts["classic"]))
    return 0 if code == "VALID" else 1


def usage():
    print(__doc__.split("\n\n")[1], file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
