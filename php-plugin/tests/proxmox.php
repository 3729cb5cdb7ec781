<?php
/* The module against a running Portico with a cluster of Proxmox VE: what differs there from LXD, from order to end. */

require __DIR__ . '/support/checks.php';
require __DIR__ . '/support/zjmf.php';

$address = parse_url(given('URL'));
Zjmf::server([
    'ip_address' => $address['host'],
    'port' => (string) $address['port'],
    'accesshash' => given('KEY'),
]);
Zjmf::host(1, [
    'CPU' => '1',
    'Memory' => '512',
    'Disk Space' => '4096',
    'net_in' => '50',
    'net_out' => '50',
    'nat_acl_limit' => '4',
    'snapshot_limit' => '2',
    'os' => 'Debian^' . given('IMAGE'),
]);

Checks::succeeds(Zjmf::call('CreateAccount', 1), 'CreateAccount makes it');
Checks::is('Active', Zjmf::row(1)['domainstatus'], 'the product is active');
Checks::matches('/^10\.250\.81\.\d+$/', Zjmf::row(1)['dedicatedip'], 'its address is written down');
Checks::is('on', Zjmf::call('Status', 1)['data']['status'], 'it runs');

/* ----------------------------------------------------------------------------------------------------- the pages */
Checks::contains(given('IMAGE'), Zjmf::tab('info', 1), 'the first page tells its image');
Checks::contains('pt-gauge', Zjmf::tab('info', 1), 'and what it uses');
Checks::contains('10.250.81.', Zjmf::tab('network', 1), 'the network page has its address');
Checks::contains('10.250.80.1', Zjmf::tab('network', 1), 'and its gateway');
Checks::matches('/MAC 地址.*[0-9a-f]{2}(:[0-9a-f]{2}){5}/us', Zjmf::tab('network', 1), 'and its card');
Checks::contains('tank', Zjmf::tab('disk', 1), 'the disk page has its storage');
Checks::contains('4 GiB', Zjmf::tab('disk', 1), 'and its size');
Checks::contains('监控', Zjmf::tab('charts', 1), 'there are charts');

/* --------------------------------------------------------------------------------------------- into the portal */
$connect = Zjmf::tab('connect', 1);
Checks::contains('打开控制台', $connect, 'the page leads to the console');
Checks::contains('打开屏幕（VNC）', $connect, 'and to the screen');
foreach (['Console', 'Screen'] as $button) {
    $link = Zjmf::custom($button, 1);
    Checks::succeeds($link, "$button gives a link");
    Checks::matches('#^' . preg_quote(given('URL'), '#') . '/visits/[\w.-]+$#', $link['url'] ?? '', "$button: the link leads there");
}

/* --------------------------------------------------------------------------------------------------- snapshots */
Checks::succeeds(Zjmf::custom('SnapshotCreate', 1, ['name' => 'before_upgrade']), 'SnapshotCreate');
Checks::contains('before_upgrade', Zjmf::tab('snapshot', 1), 'it is listed');
Checks::succeeds(Zjmf::custom('SnapshotRestore', 1, ['name' => 'before_upgrade']), 'SnapshotRestore');
Checks::is('on', Zjmf::call('Status', 1)['data']['status'], 'it runs again');
Checks::succeeds(Zjmf::custom('SnapshotDelete', 1, ['name' => 'before_upgrade']), 'SnapshotDelete');

/* ------------------------------------------------------------------------------------------------------- power */
Checks::succeeds(Zjmf::call('HardOff', 1), 'HardOff');
Checks::is('off', Zjmf::call('Status', 1)['data']['status'], 'it is off');
Checks::succeeds(Zjmf::call('On', 1), 'On');

/* ------------------------------------------------------------------------------------------------ suspending it */
Checks::succeeds(Zjmf::call('SuspendAccount', 1), 'SuspendAccount');
Checks::is('suspend', Zjmf::call('Status', 1)['data']['status'], 'it is suspended');
Checks::succeeds(Zjmf::call('UnsuspendAccount', 1), 'UnsuspendAccount');

/* --------------------------------------------------------------------------------------------------- the tasks */
$log = Zjmf::tab('log', 1);
Checks::contains('操作记录', $log, 'what was asked for is listed');
Checks::contains('集群任务', $log, 'and beside it what the cluster did');
Checks::contains('恢复快照', $log, 'in words');
Checks::is(0, preg_match('/@(?:pve|pam)/', $log), 'nobody of the cluster is named');

Checks::succeeds(Zjmf::call('TerminateAccount', 1), 'TerminateAccount');
Checks::end();
