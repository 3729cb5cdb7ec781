<?php

namespace Portico\Billing;

/** What a product gives, read from its options and from what the customer chose in the shop. */
final class Order
{
    /** Megabytes per second, as the module for Proxmox sells them, in megabits. */
    const BITS = 8;

    /** @var array */
    private $chosen;

    private function __construct(array $params)
    {
        $this->chosen = self::valuesOf($params, 'configoptions_upgrade') + self::valuesOf($params, 'configoptions');
    }

    public static function of(array $params): self
    {
        return new self($params);
    }

    /**
     * The size, in the API's words.
     * @throws Trouble
     */
    public function size(): array
    {
        return [
            'cpus' => $this->whole(['CPU', 'cpus', 'cpu'], 'CPU 核心数', 1),
            'memory' => $this->megabytes(['Memory', 'memory'], '内存'),
            'disk' => $this->megabytes(['Disk Space' => 1, 'disk' => 1024], '硬盘'),
            'egress' => $this->megabits(['net_in', 'egress'], '上行带宽'),
            'ingress' => $this->megabits(['net_out', 'ingress'], '下行带宽'),
            'traffic_limit' => $this->whole(['flow_limit', 'traffic_limit'], '每月流量', 0),
            'snapshot_limit' => $this->whole(['snapshot_limit'], '快照数量', 0),
        ] + $this->forwards();
    }

    /** In `nat_acl_limit` 0 is as many as one likes, in `nat_limit` it is none. */
    private function forwards(): array
    {
        return $this->text(['nat_acl_limit']) !== ''
            ? ['ports' => $this->whole(['nat_acl_limit'], '端口转发数量', 0)]
            : ['nat_limit' => $this->whole(['nat_limit'], '端口转发数量', 0)];
    }

    /** The image's name; empty: the first that is offered. */
    public function image(): string
    {
        return self::imageName($this->text(['os', 'image']));
    }

    /** What an OS option of the shop holds: `Debian^Debian 12`, `group|debian12` or the name alone. */
    public static function imageName(string $choice): string
    {
        $parts = preg_split('/[\^|]/u', $choice);
        return trim((string) end($parts));
    }

    private static function valuesOf(array $params, string $name): array
    {
        $values = isset($params[$name]) && is_array($params[$name]) ? $params[$name] : [];
        return array_filter($values, function ($value) {
            return is_scalar($value) && trim((string) $value) !== '';
        });
    }

    private function text(array $keys): string
    {
        foreach ($keys as $key) {
            if (isset($this->chosen[$key])) {
                return trim((string) $this->chosen[$key]);
            }
        }
        return '';
    }

    /** @throws Trouble */
    private function whole(array $keys, string $name, int $least): int
    {
        $value = $this->text($keys);
        if ($value === '') {
            return $least;
        }
        if (!preg_match('/^\d{1,9}(?:\.0+)?$/', $value) || (int) $value < $least) {
            throw new Trouble(Trouble::SETTINGS, "产品的“{$name}”应为不小于 $least 的整数，现在是“{$value}”");
        }
        return (int) $value;
    }

    /**
     * @param array $keys names, or name => how many megabytes one of it is where no unit stands behind
     * @throws Trouble
     */
    private function megabytes(array $keys, string $name): string
    {
        foreach ($keys as $key => $each) {
            $value = is_int($key) ? $this->text([$each]) : $this->text([$key]);
            if ($value === '') {
                continue;
            }
            if (!preg_match('/^(\d{1,9}(?:\.\d{1,3})?)\s*(m|mb|mib|g|gb|gib)?$/i', $value, $match)) {
                break;
            }
            $unit = strtolower($match[2] ?? '');
            $factor = $unit === '' ? (is_int($key) ? 1 : $each) : ($unit[0] === 'g' ? 1024 : 1);
            $amount = (int) ceil((float) $match[1] * $factor);
            if ($amount > 0) {
                return $amount . 'MB';
            }
            break;
        }
        throw new Trouble(Trouble::SETTINGS, "产品的“{$name}”应为一个大小，例如 1024 或 1GB");
    }

    /** @throws Trouble */
    private function megabits(array $keys, string $name): string
    {
        $value = $this->text($keys);
        $perUnit = 1;
        if ($value === '') {
            $value = $this->text(['network']);
            $perUnit = self::BITS;
        }
        if ($value === '') {
            return '0Mbit';
        }
        if (!preg_match('/^(\d{1,7})\s*(?:m|mbit|mbps)?$/i', $value, $match)) {
            throw new Trouble(Trouble::SETTINGS, "产品的“{$name}”应为 Mbps 的整数，现在是“{$value}”");
        }
        return ((int) $match[1] * $perUnit) . 'Mbit';
    }
}
