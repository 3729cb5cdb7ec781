<?php

namespace Portico\Billing;

/**
 * Where Portico is and what opens it, from the fields of ZJMF's interface form:
 *
 * | 主机名, else IP | the name in Portico's certificate |
 * | 端口            | left out: 443, or 80 without SSL |
 * | SSL             | on; off only towards this machine or a private network |
 * | hash, else 密码 | the billing key |
 * | 用户名          | a pin, `sha256//…`: only the server that has this key is spoken to |
 */
final class Connection
{
    /** @var string */
    private $url;
    /** @var string */
    private $key;
    /** @var string|null */
    private $pin;

    private function __construct(string $url, string $key, ?string $pin)
    {
        $this->url = $url;
        $this->key = $key;
        $this->pin = $pin;
    }

    /** @throws Trouble */
    public static function of(array $params): self
    {
        $host = self::first($params, ['server_host', 'hostname', 'server_ip', 'ip_address']);
        $key = self::first($params, ['accesshash', 'server_password']);
        if ($host === '') {
            throw new Trouble(Trouble::SETTINGS, '接口没有填写主机名或 IP 地址');
        }
        if ($key === '') {
            throw new Trouble(Trouble::SETTINGS, '接口没有填写密钥：请把 Portico 的计费密钥填入 hash（accesshash）');
        }
        if (!preg_match('/^[\x21-\x7e]+$/', $key)) {
            throw new Trouble(Trouble::SETTINGS, '接口的密钥含有空格或非 ASCII 字符，请重新复制');
        }
        $isSecure = self::isSecure($params, $host);
        $host = rtrim(preg_replace('#^https?://#i', '', $host), '/');
        if (!preg_match('/^(?:[A-Za-z0-9._-]+|\[?[0-9A-Fa-f:.]+\]?)(?::\d{1,5})?$/', $host)) {
            throw new Trouble(Trouble::SETTINGS, '接口的主机名无效：只填域名或 IP 地址，不含路径');
        }
        if (!$isSecure && !self::isNear($host)) {
            throw new Trouble(
                Trouble::SETTINGS,
                '接口未启用 SSL：密钥会以明文经过公网。请在接口中启用 SSL；只有本机或内网地址可以不用'
            );
        }
        return new self(self::address($host, $params, $isSecure), $key, self::pinOf($params));
    }

    public function url(): string
    {
        return $this->url;
    }

    public function key(): string
    {
        return $this->key;
    }

    public function pin(): ?string
    {
        return $this->pin;
    }

    /** The first of these fields that is filled in. */
    private static function first(array $params, array $names): string
    {
        foreach ($names as $name) {
            $value = isset($params[$name]) && is_scalar($params[$name]) ? trim((string) $params[$name]) : '';
            if ($value !== '') {
                return $value;
            }
        }
        return '';
    }

    private static function isSecure(array $params, string $host): bool
    {
        if (preg_match('#^(https?)://#i', $host, $match)) {
            return strtolower($match[1]) === 'https';
        }
        return !empty($params['secure']) || self::first($params, ['server_http_prefix']) === 'https';
    }

    /** This machine, or a network that no stranger sees. */
    private static function isNear(string $host): bool
    {
        $name = self::bare($host);
        if ($name === 'localhost') {
            return true;
        }
        $isAddress = filter_var($name, FILTER_VALIDATE_IP) !== false;
        $public = FILTER_FLAG_NO_PRIV_RANGE | FILTER_FLAG_NO_RES_RANGE;
        return $isAddress && filter_var($name, FILTER_VALIDATE_IP, $public) === false;
    }

    /** Without port and brackets. */
    private static function bare(string $host): string
    {
        if (filter_var($host, FILTER_VALIDATE_IP, FILTER_FLAG_IPV6)) {
            return $host;
        }
        return trim(preg_replace('/:\d{1,5}$/', '', $host), '[]');
    }

    private static function address(string $host, array $params, bool $isSecure): string
    {
        $name = self::bare($host);
        $port = substr($host, strlen($name)) !== '' && preg_match('/\]?:(\d{1,5})$/', $host, $match) && $name !== $host
            ? $match[1]
            : self::first($params, ['port']);
        if (strpos($name, ':') !== false) {
            $name = "[$name]";
        }
        $scheme = $isSecure ? 'https' : 'http';
        return "$scheme://$name" . ($port === '' || $port === '0' ? '' : ':' . (int) $port);
    }

    /** @throws Trouble when one is meant but cannot be one: a typing error must not switch the pin off */
    private static function pinOf(array $params): ?string
    {
        $pin = self::first($params, ['server_username', 'username']);
        if (stripos($pin, 'sha256') !== 0) {
            return null;
        }
        $digest = base64_decode(substr($pin, strlen('sha256//')), true);
        if (strpos($pin, 'sha256//') !== 0 || $digest === false || strlen($digest) !== 32) {
            throw new Trouble(Trouble::SETTINGS, '接口用户名中的证书指纹无效：应为 sha256// 加 44 个字符');
        }
        return $pin;
    }
}
