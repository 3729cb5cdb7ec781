<?php

namespace Portico\Billing;

/** The pages that a customer sees in the billing system. */
final class ClientArea
{
    const TABS = [
        'info' => '产品信息',
        'charts' => '监控',
        'network' => '网络',
        'disk' => '硬盘',
        'snapshot' => '快照',
        'nat' => '端口转发',
        'connect' => '远程连接',
        'log' => '操作记录',
    ];

    public static function tabs(): array
    {
        return array_map(function ($name) {
            return ['name' => $name];
        }, self::TABS);
    }

    /** For ZJMF's own chart page. */
    public static function charts(): array
    {
        $select = [];
        foreach (Chart::RANGES as $range => $name) {
            $select[] = ['name' => $name, 'value' => $range];
        }
        return array_map(function ($chart) use ($select) {
            return ['title' => $chart[0], 'select' => $select];
        }, Chart::TYPES);
    }

    /**
     * ZJMF's template engine fills in nothing but where the page calls back to; everything else is escaped by us,
     * whatever that engine is set to.
     */
    public static function output($params, string $tab): array
    {
        return [
            'template' => 'templates/frame.html',
            'vars' => [
                'portico_token' => self::token(),
                'portico_tab' => isset(self::TABS[$tab]) ? $tab : 'info',
                'portico_style' => View::asset('portico.css'),
                'portico_script' => View::asset('portico.js'),
                'portico_page' => self::content($params, $tab, 'hour')['html'],
            ],
        ];
    }

    /** The same page again, for one that is open. */
    public static function page($params): array
    {
        try {
            $tab = Input::oneOf('tab', '页面', array_keys(self::TABS));
            $range = Input::text('range', 10);
        } catch (Trouble $trouble) {
            return ['status' => 'error', 'msg' => $trouble->getMessage()];
        }
        return ['status' => 'success', 'msg' => '', 'data' => self::content($params, $tab, $range)];
    }

    private static function content($params, string $tab, string $range): array
    {
        try {
            $module = Module::of($params);
            $details = $module->details();
            $values = self::values($module, $details, $tab, $range) + [
                'details' => $details,
                'state' => $details['state'],
                'params' => (array) $params,
            ];
            $template = self::isUnderConstruction($details) ? 'building' : $tab;
            return ['html' => View::render($template, $values), 'busy' => !empty($details['operation'])];
        } catch (\Throwable $error) {
            $code = $error instanceof Trouble ? $error->getCode() : 0;
            return [
                'html' => View::render('error', [
                    'message' => Module::sentence($error),
                    'code' => $code ?: '',
                    'isGone' => $code === 404,
                ]),
                'busy' => false,
            ];
        }
    }

    /** What this page shows beside the instance itself. */
    private static function values(Module $module, array $details, string $tab, string $range): array
    {
        if (self::isUnderConstruction($details)) {
            return [];
        }
        switch ($tab) {
            case 'charts':
                $range = in_array($range, Module::RANGES, true) ? $range : 'hour';
                $samples = $module->samples($range);
                return [
                    'range' => $range,
                    'charts' => array_map(function ($type) use ($range, $samples, $details) {
                        return Chart::of($type, $range, $samples, $details);
                    }, array_keys(Chart::TYPES)),
                ];
            case 'snapshot':
                return ['snapshots' => self::can($details, 'snapshots') ? $module->rows('/api/snapshots') : []];
            case 'nat':
                return ['forwards' => $module->rows('/api/natlist')];
            case 'log':
                return [
                    'operations' => $module->operations(),
                    'tasks' => self::can($details, 'taskList') ? $module->clusterTasks() : null,
                ];
            default:
                return [];
        }
    }

    public static function can(array $details, string $what): bool
    {
        return in_array($what, (array) ($details['can'] ?? []), true);
    }

    /** Nothing can be shown or done before it stands, nor while its disk is made anew. */
    private static function isUnderConstruction(array $details): bool
    {
        $type = $details['operation']['type'] ?? '';
        return in_array($type, ['instance.create', 'instance.reinstall', 'instance.delete'], true);
    }

    /** The customer's token, which a page must send along; nothing else gets from the address into the page. */
    private static function token(): string
    {
        $token = isset($_GET['jwt']) && is_string($_GET['jwt']) ? $_GET['jwt'] : '';
        return preg_match('/^[A-Za-z0-9_.-]{1,4096}$/', $token) ? $token : '';
    }
}
