<?php
/* Run by `php -S`: a Portico with one believable container, to look at the module's pages without a cluster. */

$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
$mode = getenv('PORTICO_SAMPLE_MODE') ?: 'running';
$isBuilding = $mode === 'building';
$points = [];
$steps = ['hour' => [60, 60], 'day' => [300, 288], 'week' => [1800, 336], 'month' => [7200, 360], 'year' => [86400, 365]];
list($step, $count) = $steps[$_GET['range'] ?? 'hour'] ?? $steps['hour'];
for ($i = $count; $i > 0; $i--) {
    $wave = sin($i / 7) + sin($i / 19) * 0.6;
    // Half an hour in which nothing was measured: the line shows a gap.
    if ($i > $count * 0.35 && $i < $count * 0.4) {
        continue;
    }
    $points[] = [
        'at' => gmdate('c', time() - $i * $step),
        'cpu_percent' => round(34 + 18 * $wave + $i % 5, 2),
        'memory_mib' => round(690 + 60 * $wave, 1),
        'disk_mib' => round(5200 + ($count - $i) * 1.5, 1),
        'received_bytes' => (int) (max(0, 2.4 + 1.6 * $wave) * 1000000 / 8 * $step),
        'sent_bytes' => (int) (max(0, 1.1 + 0.9 * $wave) * 1000000 / 8 * $step),
    ];
}
$at = function ($minutes) {
    return gmdate('c', time() - 60 * $minutes);
};
$forward = function ($protocol, $outer, $inner, $note) {
    return ['protocol' => $protocol, 'external_ip' => '203.0.113.7', 'external_port' => $outer, 'external_port_end' => $outer, 'internal_port' => $inner, 'internal_port_end' => $inner, 'status' => 'active', 'description' => $note];
};
$task = function ($title, $minutes, $status = 'SUCCESS', $error = null) use ($at) {
    return ['title' => $title, 'status' => $status, 'error_msg' => $error, 'created_at' => $at($minutes), 'completed_at' => $status === 'STARTED' ? null : $at($minutes - 0.2)];
};
$answers = [
    '/api/details' => [
        'hostname' => 'ser992331880255',
        'state' => $isBuilding ? 'creating' : 'running',
        'suspended_for' => [],
        'operation' => $isBuilding
            ? ['task_id' => 'o1', 'type' => 'instance.create', 'title' => '创建 ser992331880255', 'step' => 4, 'steps' => 7, 'step_title' => '创建实例']
            : null,
        'kind' => 'container',
        'image' => 'Debian 12',
        'created_at' => $at(60 * 24 * 41),
        'cpus' => 2,
        'memory_mb' => 1024,
        'disk' => ['name' => 'root', 'pool' => 'default', 'size_mb' => 20480],
        'used' => ['cpu_percent' => 41.6, 'memory_mb' => 722, 'disk_mb' => 5731],
        'traffic' => ['used_gb' => 86.4, 'limit_gb' => 100, 'month' => '2026-11'],
        'mac_address' => '00:16:3e:5b:21:9c',
        'ingress_mbps' => 100,
        'egress_mbps' => 50,
        'throttled_mbps' => null,
        'addresses' => [
            ['address' => '10.87.1.23', 'family' => 4, 'prefix_length' => 24, 'gateway' => '10.87.1.1', 'nameservers' => ['10.87.1.1', '1.1.1.1']],
            ['address' => '2001:db8:87::17', 'family' => 6, 'prefix_length' => 64, 'gateway' => '2001:db8:87::1', 'nameservers' => []],
        ],
        'ssh' => ['host' => '203.0.113.7', 'port' => 20722],
        'forward_limit' => 5,
        'snapshot_limit' => 3,
        'can' => ['credentials', 'metrics', 'snapshots', 'screen', 'taskList', 'sign_on'],
    ],
    '/api/usage' => ['range' => $_GET['range'] ?? 'hour', 'step_seconds' => $step, 'points' => $points],
    '/api/natlist' => [$forward('tcp', 20722, 22, 'SSH'), $forward('tcp', 20080, 80, '网站'), $forward('udp', 21820, 51820, 'WireGuard')],
    '/api/snapshots' => [
        ['name' => 'before_upgrade', 'status' => 'ready', 'created_at' => $at(60 * 30), 'expires_at' => null],
        ['name' => 'fresh_install', 'status' => 'ready', 'created_at' => $at(60 * 24 * 40), 'expires_at' => null],
    ],
    '/api/task/list' => [
        $task('重启 ser992331880255', 12),
        $task('重设 ser992331880255 的 root 密码', 95, 'FAILURE', '实例没有运行'),
        $task('转发端口到 ser992331880255', 60 * 26),
        $task('创建 ser992331880255', 60 * 24 * 41),
    ],
    '/api/cluster_tasks' => [
        $task('重启', 12),
        $task('快照', 60 * 30, 'FAILURE', 'the cluster is full'),
        $task('创建', 60 * 24 * 41),
    ],
    '/api/check' => null,
];
if ($mode === 'down') {
    http_response_code(502);
    exit('Bad Gateway');
}
header('content-type: application/json');
echo json_encode(['code' => 200, 'msg' => $path === '/api/check' ? 'API连接正常' : '操作成功', 'data' => $answers[$path] ?? null]);
