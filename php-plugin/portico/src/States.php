<?php

namespace Portico\Billing;

/** An instance's state: Portico's word, ZJMF's light, and what a person reads. */
final class States
{
    const TABLE = [
        'running' => ['on', '运行中', 'lit'],
        'stopped' => ['off', '已关机', 'empty'],
        'suspended' => ['suspend', '已暂停', 'barred'],
        'frozen' => ['suspend', '已冻结', 'barred'],
        'creating' => ['process', '创建中', 'half'],
        'deleting' => ['process', '删除中', 'half'],
        'starting' => ['process', '开机中', 'half'],
        'stopping' => ['process', '关机中', 'half'],
        'restarting' => ['process', '重启中', 'half'],
        'compensating' => ['process', '撤回中', 'half'],
        'working' => ['process', '处理中', 'half'],
        'needs_attention' => ['unknown', '等待管理员处理', 'barred'],
        'failed' => ['unknown', '创建失败', 'crossed'],
        'missing' => ['unknown', '在集群中找不到', 'crossed'],
        'deleted' => ['unknown', '已删除', 'crossed'],
    ];

    /** ZJMF's word. */
    public static function light(string $state): string
    {
        return self::TABLE[$state][0] ?? 'unknown';
    }

    public static function words(string $state): string
    {
        return self::TABLE[$state][1] ?? '未知';
    }

    public static function door(string $state): string
    {
        return self::TABLE[$state][2] ?? 'dashed';
    }

    public static function isBusy(string $state): bool
    {
        return (self::TABLE[$state][0] ?? '') === 'process';
    }
}
