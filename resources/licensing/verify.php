#!/usr/bin/env php
<?php
/**
 * Verifies a Portico licence without asking anybody. PHP 8.0 or later with openssl; sodium for Ed25519.
 *
 *   php verify.php LICENCE --keys RING [--host HOSTINFO] [--product CODE] [--revocations FILE]
 *                  [--state FILE] [--now 2026-11-21T13:00:00Z] [--print]
 *
 * Inside a program: require it and call portico_verify_license(). Answers and exit status are those of verify.sh.
 */
declare(strict_types=1);

const PORTICO_LICENSE_MEMBERS = 'kind,format,key,algorithm,serial,license,name,product,holder,max_vm,max_image,max_user,max_vcpu,max_vmem,max_vdisk,expires,mac,serial_number,entitlements,host_key,host,not_before,expires_at,grace_until,issued_at,classic_order,classic';
const PORTICO_LIST_MEMBERS = 'kind,format,key,algorithm,number,this_update,next_update,revoked,revoked_keys';
const PORTICO_MOMENT = '/\A\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ\z/';
const PORTICO_STRING = '"(?:[^"\\\\]|\\\\["\\\\])*"';

/**
 * @param array{keys: string, now: string, host?: ?string, product?: ?string, revocations?: ?string, lastSeen?: ?string} $ask
 * @return array{0: string, 1: ?array<string, mixed>} the answer, and what the licence says
 */
function portico_verify_license(string $licence, array $ask): array
{
    $ring = portico_ring($ask['keys']);
    $facts = portico_open('LICENSE', $licence, $ring, PORTICO_LICENSE_MEMBERS);
    if (is_string($facts)) {
        return [$facts, null];
    }
    $now = $ask['now'];
    foreach ([$facts['not_before'], $facts['grace_until'], $now] as $moment) {
        if (!is_string($moment) || !preg_match(PORTICO_MOMENT, $moment)) {
            return ['MALFORMED', null];
        }
    }
    if (isset($ask['revocations'])) {
        $list = portico_open('REVOCATIONS', $ask['revocations'], $ring, PORTICO_LIST_MEMBERS);
        if (is_string($list)) {
            return [$list, null];
        }
        $serial = hash('sha256', "portico-serial-1\n{$facts['serial']}\n");
        if (in_array($serial, $list['revoked'], true) || in_array($facts['key'], $list['revoked_keys'], true)) {
            return ['REVOKED', $facts];
        }
    }
    // A clock that was set back counts as if it had stood still.
    $lastSeen = $ask['lastSeen'] ?? '';
    $isBack = preg_match(PORTICO_MOMENT, $lastSeen) && strcmp($now, $lastSeen) < 0;
    if ($isBack) {
        $now = $lastSeen;
    }
    $code = match (true) {
        strcmp($now, $facts['not_before']) < 0 => 'NOT_YET_VALID',
        strcmp($now, $facts['grace_until']) >= 0 => 'EXPIRED',
        isset($ask['host']) && portico_host($ask['host']) !== $facts['host'] => 'HOST_MISMATCH',
        isset($ask['product']) && $ask['product'] !== $facts['product'] => 'PRODUCT_MISMATCH',
        $isBack => 'CLOCK_BACK',
        default => 'VALID',
    };
    return [$code, $facts];
}

function portico_plain(string $text): string
{
    return rtrim(str_replace("\r\n", "\n", $text), "\n") . "\n";
}

/** @return array<string, array{0: string, 1: string}> algorithm and PEM by id */
function portico_ring(string $text): array
{
    $pattern = '/key: (k[0-9a-f]{16})\nalgorithm: (\S+)\n(-----BEGIN PUBLIC KEY-----\n[A-Za-z0-9+\/=\n]+\n-----END PUBLIC KEY-----\n)/';
    preg_match_all($pattern, portico_plain($text), $found, PREG_SET_ORDER);
    $ring = [];
    foreach ($found as [, $id, $algorithm, $pem]) {
        $ring[$id] = [$algorithm, $pem];
    }
    return $ring;
}

/** @return array<string, mixed>|string the members, or the answer that there are none */
function portico_open(string $kind, string $document, array $ring, string $members): array|string
{
    $parts = portico_dearmour($document, $kind);
    $facts = $parts === null ? null : portico_parse($parts[0], $members);
    if ($facts === null || $facts['kind'] !== strtolower($kind) || $facts['format'] !== 1) {
        return 'MALFORMED';
    }
    if (!is_string($facts['key']) || !isset($ring[$facts['key']])) {
        return 'UNKNOWN_KEY';
    }
    [$algorithm, $pem] = $ring[$facts['key']];
    $isSigned = $algorithm === $facts['algorithm'] && match ($algorithm) {
        'RSA-PSS-SHA256' => portico_is_pss($pem, $parts[0], $parts[1]),
        'Ed25519' => portico_is_ed25519($pem, $parts[0], $parts[1]),
        default => false,
    };
    return $isSigned ? $facts : 'BAD_SIGNATURE';
}

/** The armour has one spelling: what is written again must be what was read. */
function portico_dearmour(string $document, string $kind): ?array
{
    $pattern = "/\\A-----BEGIN PORTICO $kind-----\n([^-]+)\n-----END PORTICO $kind-----\n"
        . "-----BEGIN PORTICO SIGNATURE-----\n([^-]+)\n-----END PORTICO SIGNATURE-----\n\\z/";
    if (!preg_match($pattern, portico_plain($document), $match)) {
        return null;
    }
    $parts = [];
    foreach ([$match[1], $match[2]] as $lines) {
        $data = base64_decode(str_replace("\n", '', $lines), true);
        if ($data === false || rtrim(chunk_split(base64_encode($data), 64, "\n")) !== $lines) {
            return null;
        }
        $parts[] = $data;
    }
    return $parts;
}

/** @return ?array<string, mixed> */
function portico_parse(string $text, string $members): ?array
{
    if (!str_starts_with($text, "{\n") || !str_ends_with($text, "\n}\n") || !mb_check_encoding($text, 'UTF-8')) {
        return null;
    }
    $string = PORTICO_STRING;
    $value = "(?:0|[1-9][0-9]*|$string|\\[(?:$string(?:,$string)*)?\\])";
    $facts = [];
    foreach (explode(",\n", substr($text, 2, -3)) as $line) {
        if (!preg_match("/\\A\"([a-z_]+)\":($value)\\z/", $line, $match) || isset($facts[$match[1]])) {
            return null;
        }
        $facts[$match[1]] = json_decode($match[2], true);
    }
    return implode(',', array_keys($facts)) === $members ? $facts : null;
}

/** RSASSA-PSS (RFC 8017) with SHA-256 and a salt of 32 bytes; openssl_verify() knows PKCS#1 v1.5 only. */
function portico_is_pss(string $pem, string $data, string $signature): bool
{
    $key = openssl_pkey_get_public($pem);
    $details = $key ? openssl_pkey_get_details($key) : false;
    if (!$details || $details['type'] !== OPENSSL_KEYTYPE_RSA) {
        return false;
    }
    $bits = $details['bits'] - 1;
    $length = intdiv($bits + 7, 8);
    if (strlen($signature) !== intdiv($details['bits'] + 7, 8)) {
        return false;
    }
    if (!@openssl_public_decrypt($signature, $encoded, $key, OPENSSL_NO_PADDING)) {
        return false;
    }
    $encoded = substr($encoded, -$length);
    $masked = substr($encoded, 0, $length - 33);
    $digest = substr($encoded, $length - 33, 32);
    $unused = 8 * $length - $bits;
    if ($encoded[-1] !== "\xbc" || (ord($masked[0]) >> (8 - $unused)) !== 0) {
        return false;
    }
    $mask = '';
    for ($counter = 0; strlen($mask) < strlen($masked); $counter++) {
        $mask .= hash('sha256', $digest . pack('N', $counter), true);
    }
    $block = $masked ^ substr($mask, 0, strlen($masked));
    $block[0] = chr(ord($block[0]) & (0xff >> $unused));
    $saltAt = strlen($block) - 32;
    if (substr($block, 0, $saltAt) !== str_repeat("\0", $saltAt - 1) . "\x01") {
        return false;
    }
    $message = str_repeat("\0", 8) . hash('sha256', $data, true) . substr($block, $saltAt);
    return hash_equals($digest, hash('sha256', $message, true));
}

function portico_is_ed25519(string $pem, string $data, string $signature): bool
{
    $der = base64_decode(preg_replace('/-----[^-]+-----|\s/', '', $pem), true);
    if ($der === false || strlen($der) !== 44 || strlen($signature) !== 64) {
        return false;
    }
    return sodium_crypto_sign_verify_detached($signature, $data, substr($der, -32));
}

function portico_host(string $hostInfo): string
{
    $lines = explode("\n", portico_plain($hostInfo));
    preg_match_all('/[0-9a-f]{2}(?::[0-9a-f]{2}){5}/', str_replace('-', ':', strtolower($lines[1] ?? '')), $found);
    $macs = array_unique($found[0]);
    sort($macs);
    $letters = '';
    $inside = false;
    foreach ($lines as $line) {
        if (str_starts_with($line, '-----END ')) {
            break;
        }
        $letters .= $inside ? $line : '';
        $inside = $inside || str_starts_with($line, '-----BEGIN ');
    }
    $serial = $lines[2] ?? '';
    return hash('sha256', "portico-host-1\n" . implode(',', $macs) . "\n$serial\n" . hash('sha256', $letters) . "\n");
}

function portico_read(?string $path): ?string
{
    return $path === null ? null : (is_readable($path) ? (string) file_get_contents($path) : '');
}

function portico_main(array $arguments): int
{
    $licence = array_shift($arguments);
    $asked = [];
    while ($arguments) {
        $name = substr(array_shift($arguments), 2);
        if ($name === 'print') {
            $asked[$name] = '1';
        } elseif (in_array($name, ['keys', 'host', 'product', 'revocations', 'state', 'now'], true) && $arguments) {
            $asked[$name] = array_shift($arguments);
        } else {
            $licence = null;
            break;
        }
    }
    if ($licence === null || !isset($asked['keys'])) {
        fwrite(STDERR, "php verify.php LICENCE --keys RING [--host HOSTINFO] [--product CODE] ...\n");
        return 2;
    }
    $now = $asked['now'] ?? gmdate('Y-m-d\TH:i:s\Z');
    $state = $asked['state'] ?? null;
    $lastSeen = explode("\n", portico_read($state) ?? '')[0];
    [$code, $facts] = portico_verify_license((string) portico_read($licence), [
        'keys' => (string) portico_read($asked['keys']),
        'now' => $now,
        'host' => portico_read($asked['host'] ?? null),
        'product' => $asked['product'] ?? null,
        'revocations' => portico_read($asked['revocations'] ?? null),
        'lastSeen' => $lastSeen,
    ]);
    $isBack = preg_match(PORTICO_MOMENT, $lastSeen) && strcmp($now, $lastSeen) < 0;
    if ($state !== null && $facts !== null && $code !== 'REVOKED' && !$isBack) {
        $next = $state . '.' . getmypid();
        file_put_contents($next, "$now\n");
        rename($next, $state);
    }
    echo $code, "\n";
    if ($code === 'VALID' && isset($asked['print'])) {
        echo implode("\n", $facts['classic']), "\n";
    }
    return $code === 'VALID' ? 0 : 1;
}

if (realpath($_SERVER['SCRIPT_FILENAME'] ?? '') === __FILE__) {
    exit(portico_main(array_slice($argv, 1)));
}
