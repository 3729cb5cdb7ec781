<?php
/* Every function of the module against a running Portico with a real LXD: one container, from order to end. */

require __DIR__ . '/support/checks.php';
require __DIR__ . '/support/zjmf.php';

$address = parse_url(given('URL'));
Zjmf::server([
    'ip_address' => $address['host'],
    'port' => (string) $address['port'],
    'accesshash' => given('KEY'),
]);
$ordered = [
    'CPU' => '1',
    'Memory' => '128',
    'Disk Space' => '1024',
    'net_in' => '20',
    'net_out' => '50',
    'flow_limit' => '100',
    'nat_acl_limit' => '4',
    'snapshot_limit' => '2',
    'os' => 'Alpine^' . given('IMAGE'),
];
Zjmf::host(1, $ordered);

/* Opens a link as a browser does: the address one comes to, '' when it opens nothing. */
function visited($link)
{
    $browser = curl_init($link);
    curl_setopt_array($browser, [CURLOPT_RETURNTRANSFER => true, CURLOPT_COOKIEFILE => '', CURLOPT_TIMEOUT => 20]);
    if (!preg_match('/name=[\'"]_csrf[\'"] value=[\'"]([^\'"]+)/', (string) curl_exec($browser), $match)) {
        return '';
    }
    curl_setopt($browser, CURLOPT_POSTFIELDS, http_build_query(['_csrf' => $match[1]]));
    curl_exec($browser);
    $landing = curl_getinfo($browser, CURLINFO_REDIRECT_URL);
    curl_close($browser);
    return (string) $landing;
}

/* ---------------------------------------------------------------------------------- before there is anything */
$link = portico_TestLink(Zjmf::serverParams());
Checks::is(['status' => 200, 'data' => ['server_status' => 1, 'msg' => 'Portico 连接成功，密钥有效']], $link, 'TestLink finds Portico');
Checks::fails(Zjmf::call('On', 1), '/./u', 'what does not exist cannot be started');
Checks::fails(Zjmf::call('Status', 1), '/./u', 'what does not exist has no state');
Checks::contains('没有这台实例', Zjmf::tab('info', 1), 'its page says that it is not there');
Checks::fails(Zjmf::call('CreateAccount', 1, ['configoptions' => ['Memory' => 'viel']]), '/内存/u', 'an option that is no size is named');
Checks::fails(
    Zjmf::call('CreateAccount', 1, ['configoptions_upgrade' => ['os' => 'no-such-image']]),
    '/镜像/u',
    'an image that is not offered is told'
);
Checks::is('Pending', Zjmf::row(1)['domainstatus'], 'nothing was opened so far');

/* --------------------------------------------------------------------------------------------------- creating */
Checks::succeeds(Zjmf::call('CreateAccount', 1), 'CreateAccount makes it');
$row = Zjmf::row(1);
Checks::is('Active', $row['domainstatus'], 'the product is active');
Checks::matches('/^[\d.]+$/', $row['dedicatedip'], 'its address is written down');
Checks::matches('/^10\.87\.\d+\.\d+$/', $row['assignedips'], 'and the one it has itself');
Checks::is('root', $row['username'], 'who signs in');
Checks::is(true, $row['port'] >= 10000, 'the port to SSH is written down');
Checks::is(100, $row['bwlimit'], 'and the month\'s traffic');
Checks::succeeds(Zjmf::call('CreateAccount', 1), 'ordered again it is the same one');
Checks::is($row, Zjmf::row(1), 'and nothing changes');

/* ----------------------------------------------------------------------------------------------------- pages */
Checks::is(
    ['status' => 'on', 'des' => '运行中'],
    Zjmf::call('Status', 1)['data'],
    'Status says that it runs'
);
$pages = [
    'info' => ['ser700001', '运行中', $row['assignedips'], '本月流量', '100 GB'],
    'charts' => ['CPU', '内存', '硬盘', '网络'],
    'network' => [$row['assignedips'], '/24', 'MAC 地址', '20 Mbps', '50 Mbps'],
    'disk' => ['root', '1 GiB'],
    'snapshot' => ['快照'],
    'nat' => ['端口转发', (string) $row['port'], 'TCP', '添加转发'],
    'connect' => ["ssh -p {$row['port']} root@{$row['dedicatedip']}", 'Pa ss&quot;&#039;$x1', '控制台'],
    'log' => ['创建 ser700001', '成功'],
];
foreach ($pages as $key => $words) {
    $html = Zjmf::tab($key, 1);
    foreach ($words as $word) {
        Checks::contains($word, $html, "the page $key tells $word");
    }
    Checks::lacks('<?php', $html, "the page $key is rendered");
    Checks::lacks(given('KEY'), $html, "the page $key does not hold the key");
}
Checks::is(array_keys($pages), array_keys(portico_ClientArea(Zjmf::params(1))), 'these are all its pages');
$page = Zjmf::custom('Page', 1, ['tab' => 'info', 'range' => 'hour']);
Checks::succeeds($page, 'an open page gets itself anew');
Checks::contains('ser700001', $page['data']['html'], 'with the instance on it');
Checks::fails(Zjmf::custom('Page', 1, ['tab' => '../frame']), '/页面/u', 'but no page that is none');

$charts = portico_Chart();
Checks::is(['cpu', 'mem', 'disk', 'network'], array_keys($charts), 'Chart names four charts');
foreach (array_keys($charts) as $type) {
    $chart = Zjmf::call('ChartData', 1, ['chart' => ['type' => $type, 'select' => 'day', 'start' => 0, 'end' => 0]]);
    Checks::succeeds($chart, "ChartData answers for $type");
    Checks::is(count($chart['data']['label']), count($chart['data']['list']), "with a list for each line of $type");
}
Checks::fails(Zjmf::call('ChartData', 1, ['chart' => ['type' => 'x']]), '/图表/u', 'a chart that is none is refused');

/* ------------------------------------------------------------------------------------------------------ ports */
$added = Zjmf::custom('NatAdd', 1, ['sport' => '80', 'dport' => '', 'protocol' => 'tcp', 'description' => '<b>web</b>']);
Checks::succeeds($added, 'NatAdd forwards a port');
$nat = Zjmf::tab('nat', 1);
Checks::contains('&lt;b&gt;web&lt;/b&gt;', $nat, 'its note is escaped');
Checks::lacks('<b>web', $nat, 'and never run');
preg_match('/name="dport" value="(\d+)"><input type="hidden" name="sport" value="80"/', $nat, $match);
$port = $match[1] ?? '';
Checks::fails(Zjmf::custom('NatAdd', 1, ['sport' => '0', 'protocol' => 'tcp']), '/内部端口/u', 'port 0 is refused');
Checks::fails(Zjmf::custom('NatAdd', 1, ['sport' => '80', 'protocol' => 'icmp']), '/协议/u', 'a protocol that is none is refused');
Checks::fails(
    Zjmf::custom('NatAdd', 1, ['sport' => '81', 'dport' => $port, 'protocol' => 'tcp']),
    '/端口/u',
    'a port that is taken is refused'
);
Checks::succeeds(Zjmf::custom('NatAdd', 1, ['sport' => '53', 'protocol' => 'both']), 'both protocols are two more, and SSH is one');
Checks::fails(Zjmf::custom('NatAdd', 1, ['sport' => '82', 'protocol' => 'tcp']), '/上限/u', 'but no more than were bought');
Checks::succeeds(Zjmf::custom('NatDelete', 1, ['sport' => '80', 'dport' => $port, 'protocol' => 'tcp']), 'NatDelete takes it away');
Checks::lacks("value=\"$port\"", Zjmf::tab('nat', 1), 'and it is gone');
Checks::fails(Zjmf::custom('TrafficReset', 1), '/不允许/u', 'a customer cannot reset the traffic');
Checks::succeeds(Zjmf::custom('TrafficReset', 1, [], 'admin'), 'staff can');

/* -------------------------------------------------------------------------------------------------- snapshots */
Checks::succeeds(Zjmf::custom('SnapshotCreate', 1, ['name' => 'before_update']), 'SnapshotCreate takes one');
Checks::contains('before_update', Zjmf::tab('snapshot', 1), 'and it is listed');
Checks::fails(Zjmf::custom('SnapshotCreate', 1, ['name' => 'before_update']), '/./u', 'the same name again is refused');
Checks::fails(Zjmf::custom('SnapshotCreate', 1, ['name' => '<b>']), '/快照名称/u', 'a name that is none is refused');
Checks::succeeds(Zjmf::custom('SnapshotRestore', 1, ['name' => 'before_update']), 'SnapshotRestore');
Checks::succeeds(Zjmf::custom('SnapshotDelete', 1, ['name' => 'before_update']), 'SnapshotDelete');
Checks::fails(Zjmf::custom('SnapshotDelete', 1, ['name' => 'before_update']), '/./u', 'what is gone cannot be deleted');

/* ------------------------------------------------------------------------------------------------------- size */
$more = ['Memory' => '256', 'Disk Space' => '2048', 'flow_limit' => '200'];
Checks::succeeds(Zjmf::call('ChangePackage', 1, ['configoptions_upgrade' => $more]), 'ChangePackage');
Checks::is(200, Zjmf::row(1)['bwlimit'], 'the traffic that was bought is written down');
Checks::contains('2 GiB', Zjmf::tab('disk', 1), 'the disk has grown');
Checks::succeeds(Zjmf::call('ChangePackage', 1, ['configoptions_upgrade' => $more]), 'asked again it is so already');
Checks::fails(Zjmf::call('ChangePackage', 1), '/./u', 'a disk does not shrink');
Zjmf::choose(1, $more);

/* ------------------------------------------------------------------------------------------------------ power */
Checks::succeeds(Zjmf::call('Reboot', 1), 'Reboot');
Checks::succeeds(Zjmf::call('CrackPassword', 1, [], ['N3w\'Pa ss"$x23']), 'CrackPassword sets another root password');
Checks::is('N3w\'Pa ss"$x23', cmf_decrypt(Zjmf::row(1)['password']), 'and it is kept, encrypted');
Checks::fails(Zjmf::call('CrackPassword', 1, [], ['abc']), '/密码/u', 'one that is too short is refused');
Checks::is('N3w\'Pa ss"$x23', cmf_decrypt(Zjmf::row(1)['password']), 'and the kept one stays');
Checks::succeeds(Zjmf::call('HardOff', 1), 'HardOff');
Checks::is('off', Zjmf::call('Status', 1)['data']['status'], 'it is off');
Checks::fails(Zjmf::call('CrackPassword', 1, [], ['an0ther-one']), '/./u', 'no password is set while it is off');
Checks::succeeds(Zjmf::call('On', 1), 'On');
Checks::succeeds(Zjmf::call('On', 1), 'On again is no fault');
Checks::succeeds(Zjmf::call('HardReboot', 1), 'HardReboot');
Checks::is('on', Zjmf::call('Status', 1)['data']['status'], 'it runs');

/* ---------------------------------------------------------------------------------------------- another system */
$before = Zjmf::row(1);
Checks::fails(Zjmf::call('Reinstall', 1), '/没有选择/u', 'no system is chosen');
Checks::fails(Zjmf::call('Reinstall', 1, ['reinstall_os' => 'Old^no-such-image']), '/镜像/u', 'a system that is not offered is told');
Checks::succeeds(Zjmf::call('Reinstall', 1, ['reinstall_os' => '7', 'reinstall_os_name' => 'Alpine^' . given('IMAGE')]), 'Reinstall');
Checks::is('on', Zjmf::call('Status', 1)['data']['status'], 'it runs anew');
foreach (['dedicatedip', 'assignedips', 'port', 'password'] as $field) {
    Checks::is($before[$field], Zjmf::row(1)[$field], "its $field is what it was");
}
Checks::contains('重装 ser700001', Zjmf::tab('log', 1), 'and it stands in the log');

/* --------------------------------------------------------------------------------------------- into the portal */
Checks::contains('在新窗口中管理', Zjmf::tab('info', 1), 'the page leads into the portal');
Checks::contains('打开控制台', Zjmf::tab('connect', 1), 'and to the console');
foreach (['Vnc' => '/console', 'Portal' => ''] as $button => $page) {
    $link = $button === 'Vnc' ? Zjmf::call('Vnc', 1) : Zjmf::custom('Portal', 1);
    Checks::succeeds($link, "$button gives a link");
    Checks::matches('#^' . preg_quote(given('URL'), '#') . '/visits/[\w.-]+$#', $link['url'] ?? '', "$button: the link leads there");
    Checks::matches('#/visit/instances/\w+' . $page . '$#', visited($link['url']), "$button: it opens the page");
    Checks::is('', visited($link['url']), "$button: once");
}

/* ------------------------------------------------------------------------------------------------- the bill */
Checks::succeeds(Zjmf::call('SuspendAccount', 1), 'SuspendAccount');
Checks::is(['status' => 'suspend', 'des' => '已暂停'], Zjmf::call('Status', 1)['data'], 'it is suspended');
Checks::succeeds(Zjmf::call('SuspendAccount', 1), 'suspended again is no fault');
Checks::fails(Zjmf::call('On', 1), '/./u', 'the customer cannot start it meanwhile');
Checks::contains('已暂停：', Zjmf::tab('info', 1), 'the page tells why');
Checks::succeeds(Zjmf::call('UnsuspendAccount', 1), 'UnsuspendAccount');
Checks::is('on', Zjmf::call('Status', 1)['data']['status'], 'it runs again');
Checks::succeeds(Zjmf::call('Renew', 1), 'Renew');

/* -------------------------------------------------------------------------------------------------- the books */
\think\Db::$tables['host'][1]['dedicatedip'] = '';
\think\Db::$tables['host'][1]['domainstatus'] = 'Pending';
Checks::succeeds(Zjmf::call('Sync', 1), 'Sync');
Checks::is($row['dedicatedip'], Zjmf::row(1)['dedicatedip'], 'the address is back');
Checks::is('Active', Zjmf::row(1)['domainstatus'], 'and what stands is active');
\think\Db::$tables['host'][1]['bwlimit'] = 0;
portico_UsageUpdate([1]);
Checks::is(200, Zjmf::row(1)['bwlimit'], 'UsageUpdate writes the traffic');
\think\Db::$tables['host'][1]['domainstatus'] = 'Pending';
portico_FiveMinuteCron();
Checks::is('Active', Zjmf::row(1)['domainstatus'], 'FiveMinuteCron finishes an order that the button gave up on');

/* --------------------------------------------------------------------------------------------------- the end */
Checks::succeeds(Zjmf::call('Off', 1), 'Off');
Checks::succeeds(Zjmf::call('TerminateAccount', 1), 'TerminateAccount');
Checks::is('', Zjmf::row(1)['dedicatedip'], 'its address is forgotten');
Checks::succeeds(Zjmf::call('TerminateAccount', 1), 'what is gone already is gone');
Checks::fails(Zjmf::call('Renew', 1), '/./u', 'what is gone cannot be renewed');

Checks::end();
