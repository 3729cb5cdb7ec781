<?php
/* Whatever goes wrong is a sentence in Chinese, never a success, and holds no secret. */

require __DIR__ . '/support/checks.php';
require __DIR__ . '/support/zjmf.php';
require __DIR__ . '/support/fake_portico.php';

const KEY = 'pbk_top-secret-key';

function portico(array $fields)
{
    Zjmf::server($fields + ['ip_address' => '127.0.0.1', 'accesshash' => KEY]);
}

function linkSays($pattern, $fact)
{
    $link = portico_TestLink(Zjmf::serverParams());
    Checks::is([200, 0], [$link['status'], $link['data']['server_status']], "$fact: no connection");
    Checks::matches($pattern, $link['data']['msg'], "$fact: and why");
    Checks::lacks(KEY, $link['data']['msg'], "$fact: without the key");
}

function envelope($code, $msg = '好', $data = null)
{
    return ['code' => $code, 'msg' => $msg, 'data' => $data];
}

Zjmf::host(1, ['Memory' => '128', 'Disk Space' => '1024']);
$standing = [
    'hostname' => 'ser700001', 'state' => 'running', 'suspended_for' => [], 'operation' => null, 'kind' => 'container',
    'image' => '<script>alert(1)</script>', 'created_at' => '2026-01-02T03:04:05.000Z', 'cpus' => 1, 'memory_mb' => 128,
    'disk' => ['name' => 'root', 'pool' => null, 'size_mb' => 0],
    'used' => ['cpu_percent' => null, 'memory_mb' => null, 'disk_mb' => null],
    'traffic' => ['used_gb' => 0, 'limit_gb' => null, 'month' => null], 'mac_address' => null, 'ingress_mbps' => null,
    'egress_mbps' => null, 'throttled_mbps' => null,
    'addresses' => [['address' => '10.0.0.2', 'family' => 4, 'prefix_length' => 24, 'gateway' => null, 'nameservers' => []]],
    'ssh' => ['host' => '203.0.113.7', 'port' => 20022], 'forward_limit' => 0, 'snapshot_limit' => 0, 'can' => [],
];

/* ------------------------------------------------------------------------------------- the interface's form */
portico(['ip_address' => '']);
linkSays('/没有填写主机名/u', 'no address');
portico(['accesshash' => '']);
linkSays('/没有填写密钥/u', 'no key');
portico(['accesshash' => "a\r\nb"]);
linkSays('/密钥含有/u', 'a key that would be two headers');
portico(['ip_address' => '203.0.113.9', 'secure' => 0]);
linkSays('/未启用 SSL/u', 'a public address without TLS');
portico(['hostname' => 'portico.example', 'secure' => 0]);
linkSays('/未启用 SSL/u', 'a public name without TLS');
portico(['hostname' => 'portico.example/admin?x=', 'secure' => 1]);
linkSays('/主机名无效/u', 'a name that is an address of a page');
portico(['secure' => 1, 'username' => 'sha256//abc']);
linkSays('/指纹无效/u', 'a pin with a typing error');
portico(['port' => '1']);
linkSays('/连接不上/u', 'nothing listens');
portico(['hostname' => 'no-such-host.invalid', 'secure' => 1]);
linkSays('/找不到|连接/u', 'a name that does not resolve');

/* --------------------------------------------------------------------------------------- what is answered */
$fake = new FakePortico();
portico(['port' => (string) $fake->port]);
$fake->answers(envelope(401, '认证失败或API密钥无效'));
linkSays('/密钥无效、已过期/u', 'a wrong key');
$fake->answers(['status' => 502, 'body' => '<html>Bad Gateway</html>']);
linkSays('/HTTP 502/u', 'a proxy in between');
$fake->answers(['status' => 302, 'headers' => ['Location: http://127.0.0.1:1/']]);
linkSays('/无法识别/u', 'a redirection is not followed');
$fake->answers(['body' => str_repeat('x', 5000000)]);
linkSays('/过长/u', 'an answer without end');
$fake->answers(envelope(500, '服务器内部错误，请求编号 abc'));
linkSays('/请求编号 abc/u', 'a fault of Portico');
$fake->answers(envelope(200, 'API连接正常'));
Checks::is(1, portico_TestLink(Zjmf::serverParams())['data']['server_status'], 'a good answer is good');
Checks::is(KEY, $fake->asked()[0]['key'], 'the key goes in its header');
portico(['port' => (string) $fake->port, 'accesshash' => '', 'password' => KEY]);
portico_TestLink(Zjmf::serverParams());
Checks::is(KEY, $fake->asked()[1]['key'], 'and may stand in the password field');
portico(['port' => (string) $fake->port]);

$deeds = ['CreateAccount', 'TerminateAccount', 'SuspendAccount', 'UnsuspendAccount', 'ChangePackage', 'Renew', 'On', 'Off', 'Reboot', 'HardOff', 'HardReboot', 'Status', 'Sync', 'Vnc', 'ManagePanel'];
foreach (['a refusal' => envelope(409, '容器正忙，请稍后再试'), 'rubbish' => ['body' => 'true'], 'an empty answer' => ['body' => '']] as $kind => $answer) {
    $fake->answers($answer);
    foreach ($deeds as $deed) {
        Checks::fails(Zjmf::call($deed, 1), '/./u', "$deed fails on $kind");
    }
    Checks::fails(Zjmf::call('CrackPassword', 1, [], ['g00d-secret']), '/./u', "CrackPassword fails on $kind");
    Checks::fails(Zjmf::call('Reinstall', 1, ['reinstall_os' => 'debian12']), '/./u', "Reinstall fails on $kind");
    foreach (array_keys(portico_ClientArea([])) as $tab) {
        $html = Zjmf::tab($tab, 1);
        Checks::contains('role="alert"', $html, "the page $tab is an error page on $kind");
    }
}
Checks::is('Pending', Zjmf::row(1)['domainstatus'], 'nothing was opened by any of it');
Checks::is('Pa ss"\'$x1', cmf_decrypt(Zjmf::row(1)['password']), 'nor was the password changed');
$signOn = envelope(200, '好', ['can' => ['sign_on']] + $standing);
$fake->answers($signOn, envelope(200));
Checks::fails(Zjmf::call('Vnc', 1), '/登录链接/u', 'no link is no success');
$fake->answers($signOn, envelope(200, '好', ['url' => 'https://portico.example/sign-on/abc']));
Checks::is('https://portico.example/sign-on/abc', Zjmf::call('Vnc', 1)['url'] ?? '', 'a link is handed on');
$fake->answers(envelope(200, '好', $standing));
Checks::fails(Zjmf::call('Vnc', 1), '/直接进入/u', 'where there is no single sign-on it is told');
Checks::lacks('在新窗口中管理', Zjmf::tab('info', 1), 'and not offered');
$fake->answers($signOn);
Checks::contains('在新窗口中管理', Zjmf::tab('info', 1), 'where there is, it is');
$fake->answers($signOn, envelope(200, '好', ['url' => 'javascript:alert(1)']));
Checks::fails(Zjmf::call('Vnc', 1), '/登录链接/u', 'a link that is a script is none');
$fake->answers(envelope(200));
Checks::fails(Zjmf::call('Status', 1), '/不完整/u', 'an answer without a state has none');

/* ---------------------------------------------------------------------------------------------- slow work */
$running = envelope(202, '操作仍在进行，请稍后同步', ['task_id' => 'op123']);
$task = function ($status, $result = null) {
    return envelope(200, '获取成功', ['task_id' => 'op123', 'status' => $status, 'result' => $result]);
};
$fake->answers($running, $task('STARTED'), $task('SUCCESS'), envelope(200, '好', $standing));
Checks::succeeds(Zjmf::call('CreateAccount', 1), 'a create that goes on is waited for');
Checks::is(['/api/create', '/api/task_status', '/api/task_status', '/api/details'], array_column($fake->asked(), 'path'), 'by asking for its task');
Checks::is('Active', Zjmf::row(1)['domainstatus'], 'and then it is active');
$fake->answers($running, $task('FAILURE', '集群没有答复'));
Checks::fails(Zjmf::call('SuspendAccount', 1), '/操作失败：集群没有答复/u', 'one that fails after all has failed');
$fake->answers($running, $task('REVOKED'));
Checks::fails(Zjmf::call('Off', 1), '/已取消/u', 'one that was cancelled is not done');
$fake->answers(envelope(202, '操作仍在进行，请稍后同步', []));
Checks::fails(Zjmf::call('On', 1), '/仍在 Portico 中进行.*不会重复执行/u', 'what goes on is never told as done');
$fake->answers(['body' => ''], envelope(200), envelope(200, '好', ['state' => 'failed'] + $standing));
Checks::fails(Zjmf::call('CreateAccount', 1), '/没有建成：创建失败/u', 'a create is believed when it stands');
Checks::is(['/api/create', '/api/create', '/api/details'], array_column($fake->asked(), 'path'), 'and asked again where no answer came');
$fake->answers(['body' => '']);
Checks::fails(Zjmf::call('Reinstall', 1, ['reinstall_os' => 'debian12']), '/操作记录/u', 'a reinstall without an answer is not sent twice');
Checks::is(1, count($fake->asked()), 'not even once more');

/* -------------------------------------------------------------------------------------- what is sent along */
$fake->answers(envelope(200, '好', $standing));
foreach ([['Debian^Debian 12', 'x'], ['group|Debian^Debian 12', 'x'], ['17', 'Debian^Debian 12'], ['Debian 12', '']] as list($os, $name)) {
    Zjmf::call('Reinstall', 1, ['reinstall_os' => $os, 'reinstall_os_name' => $name]);
    $asked = $fake->asked();
    $order = array_values(array_filter($asked, function ($call) {
        return $call['path'] === '/api/reinstall';
    }));
    Checks::is('Debian 12', end($order)['json']['system'], "the image of \"$os\" is the one that was chosen");
}
Checks::fails(Zjmf::call('Reinstall', 1, ['reinstall_os' => '']), '/没有选择/u', 'none chosen is refused');
Zjmf::host(2, ['CPU' => '2', 'Memory' => '1GB', 'Disk Space' => '10GB', 'net_in' => '10', 'net_out' => '20', 'nat_acl_limit' => '0'], ['password' => '']);
$fake->answers(envelope(200, '好', ['hostname' => 'ser700002'] + $standing));
Checks::succeeds(Zjmf::call('CreateAccount', 2), 'a product without a password');
$order = $fake->asked()[0]['json'];
Checks::is($order['password'], cmf_decrypt(Zjmf::row(2)['password']), 'gets one, which is kept');
Checks::matches('/^\S{16,}$/', $order['password'], 'and is long');
Checks::is(
    ['cpus' => 2, 'memory' => '1024MB', 'disk' => '10240MB', 'egress' => '10Mbit', 'ingress' => '20Mbit', 'ports' => 0],
    array_intersect_key($order, array_flip(['cpus', 'memory', 'disk', 'egress', 'ingress', 'ports'])),
    'sizes have their units, and up is up'
);
Zjmf::host(3, ['cpu' => '1', 'disk' => '20', 'memory' => '512', 'network' => '10', 'nat_limit' => '2', 'CPU' => '', 'Memory' => '', 'Disk Space' => '', 'net_in' => '', 'net_out' => '', 'nat_acl_limit' => '']);
$fake->answers(envelope(200, '好', $standing));
Zjmf::call('CreateAccount', 3);
Checks::is(
    ['cpus' => 1, 'memory' => '512MB', 'disk' => '20480MB', 'egress' => '80Mbit', 'ingress' => '80Mbit', 'nat_limit' => 2],
    array_intersect_key($fake->asked()[0]['json'], array_flip(['cpus', 'memory', 'disk', 'egress', 'ingress', 'nat_limit'])),
    'the options of the module for Proxmox are understood: gigabytes, and megabytes a second'
);

/* ---------------------------------------------------------------------------------------------------- pages */
$_GET['jwt'] = '"><script>alert(1)</script>';
$info = Zjmf::tab('info', 1);
Checks::lacks('<script>alert(1)', $info, 'what comes from outside is escaped');
Checks::contains('&lt;script&gt;alert(1)', $info, 'and shown as it is');
Checks::contains('data-token=""', $info, 'a token that is none gets nowhere');
$_GET['jwt'] = 'eyJ0.eyJ1.c2ln';
Checks::contains('data-token="eyJ0.eyJ1.c2ln"', Zjmf::tab('info', 1), 'a token goes along');
Checks::contains('尚未测到', Zjmf::tab('info', 1), 'what is not measured is told so, and nothing is divided by 0');
$creating = ['state' => 'creating', 'operation' => ['task_id' => 'op1', 'type' => 'instance.create', 'title' => '创建 ser700001', 'step' => 3, 'steps' => 6, 'step_title' => '创建容器']] + $standing;
$fake->answers(envelope(200, '好', $creating));
foreach (array_keys(portico_ClientArea([])) as $tab) {
    Checks::contains('第 3 步，共 6 步', Zjmf::tab($tab, 1), "while it is built the page $tab tells how far");
}
$states = ['running' => 'on', 'stopped' => 'off', 'suspended' => 'suspend', 'frozen' => 'suspend', 'creating' => 'process', 'restarting' => 'process', 'failed' => 'unknown', 'new-word' => 'unknown'];
foreach ($states as $state => $light) {
    $fake->answers(envelope(200, '好', ['state' => $state] + $standing));
    Checks::is($light, Zjmf::call('Status', 1)['data']['status'], "$state is $light");
}

/* ------------------------------------------------------------------------------------------------------ TLS */
$tls = parse_url(given('TLS_URL'));
$https = ['ip_address' => $tls['host'], 'port' => (string) $tls['port'], 'secure' => 1];
portico($https);
linkSays('/证书未通过验证/u', 'a certificate that nobody vouches for');
$message = portico_TestLink(Zjmf::serverParams())['data']['msg'];
preg_match('#sha256//\S{44}#', $message, $match);
Checks::is(1, count($match), 'the pin that it shows is told');
portico($https + ['username' => $match[0] ?? '']);
Checks::is(1, portico_TestLink(Zjmf::serverParams())['data']['server_status'], 'with that pin it is trusted');
portico($https + ['username' => 'sha256//' . base64_encode(str_repeat('x', 32))]);
linkSays('/与接口用户名中的指纹不符/u', 'another pin is refused');

$fake->stop();
Checks::end();
