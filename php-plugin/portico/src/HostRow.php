<?php

namespace Portico\Billing;

/** The product's row in the billing system: in its 3.x line the table `host`, in v10 the row linked to it. */
final class HostRow
{
    const LINK = 'module_idcsmart_common_server_host_link';

    /**
     * @param array $values columns of 3.x: dedicatedip, assignedips, username, password (plain), port, os, bwlimit,
     *     bwusage, domainstatus. The password is stored encrypted, or not at all.
     * @throws Trouble
     */
    public static function write($hostId, array $values)
    {
        if (isset($values['password'])) {
            $values = self::withSealed($values);
        }
        if (!$values) {
            return;
        }
        try {
            if (self::isV10()) {
                self::writeV10($hostId, $values);
            } elseif (class_exists('think\\Db')) {
                \think\Db::name('host')->where('id', $hostId)->update($values);
            } else {
                throw new \RuntimeException('no database of the billing system');
            }
        } catch (\Throwable $error) {
            // The text of a database error may quote the row, password and all.
            throw new Trouble(Trouble::SETTINGS, '已在 Portico 中完成，但写入财务系统的产品记录失败，请再点“同步”');
        }
    }

    /**
     * Products of this module with their interface's fields, named as in the params of a function.
     * @param array $ids of hosts; empty: all in these states
     */
    public static function all(array $ids, array $states): array
    {
        if (self::isV10() || !class_exists('think\\Db')) {
            return [];
        }
        $query = \think\Db::name('host')
            ->alias('a')
            ->field(
                'a.id hostid,a.domain,a.domainstatus,a.password sealed,s.ip_address server_ip,' .
                's.hostname server_host,s.username server_username,s.password server_sealed,' .
                's.accesshash,s.secure,s.port'
            )
            ->leftJoin('servers s', 'a.serverid=s.id')
            ->leftJoin('server_groups g', 's.gid=g.id')
            ->where('g.type', 'portico')
            ->whereIn('a.domainstatus', $states);
        if ($ids) {
            $query = $query->whereIn('a.id', $ids);
        }
        $rows = $query->select();
        $rows = is_object($rows) && method_exists($rows, 'toArray') ? $rows->toArray() : (array) $rows;
        return array_map(function ($row) {
            $row['server_password'] = self::opened((string) $row['server_sealed']);
            unset($row['server_sealed'], $row['sealed']);
            return $row;
        }, $rows);
    }

    private static function isV10(): bool
    {
        return class_exists('think\\facade\\Db') && !class_exists('think\\Db');
    }

    private static function writeV10($hostId, array $values)
    {
        $status = $values['domainstatus'] ?? null;
        unset($values['domainstatus'], $values['port']);
        if ($values) {
            \think\facade\Db::name(self::LINK)->where('host_id', $hostId)->update($values);
        }
        if ($status !== null) {
            \think\facade\Db::name('host')->where('id', $hostId)->update(['status' => $status]);
        }
    }

    private static function withSealed(array $values): array
    {
        foreach (['cmf_encrypt', 'password_encrypt'] as $seal) {
            if (function_exists($seal)) {
                $values['password'] = $seal($values['password']);
                return $values;
            }
        }
        unset($values['password']);
        return $values;
    }

    private static function opened(string $sealed): string
    {
        foreach (['aesPasswordDecode', 'aes_password_decode', 'cmf_decrypt'] as $open) {
            if ($sealed !== '' && function_exists($open)) {
                return (string) $open($sealed);
            }
        }
        return '';
    }
}
