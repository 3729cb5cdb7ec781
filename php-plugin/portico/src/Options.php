<?php

namespace Portico\Billing;

/**
 * The module settings of a product. ZJMF keeps their values by position: new ones go to the end, and none is ever
 * taken out. The first eight stand where the module for LXD servers had them, so that its products move over with
 * their values.
 */
final class Options
{
    public static function all(): array
    {
        return [
            self::number('CPU', 'CPU 核心数', '1', '核'),
            self::number('Disk Space', '硬盘', '10240', 'MB，可写 10GB'),
            self::number('Memory', '内存', '1024', 'MB，可写 1GB'),
            self::number('net_in', '上行带宽', '100', 'Mbps，0 为不限'),
            self::number('net_out', '下行带宽', '100', 'Mbps，0 为不限'),
            self::number('flow_limit', '每月流量', '0', 'GB，0 为不限'),
            self::number('nat_acl_limit', '端口转发数量', '5', '条，SSH 占一条；0 为不限'),
            [
                'type' => 'text',
                'name' => '默认镜像',
                'key' => 'os',
                'default' => '',
                'placeholder' => 'debian12',
                'description' => 'Portico 中开放的镜像的名称；留空为第一个',
            ],
            self::number('snapshot_limit', '快照数量', '0', '个'),
        ];
    }

    private static function number(string $key, string $name, string $default, string $unit): array
    {
        return [
            'type' => 'text',
            'name' => $name,
            'key' => $key,
            'default' => $default,
            'placeholder' => $default,
            'description' => $unit,
        ];
    }
}
