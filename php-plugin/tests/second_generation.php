<?php
/*
| An existing plugin of the second generation, as the contract describes its requests: units in the values, the
| network mode and limits of its own beside them, states in capitals. It is not changed for Portico.
*/

require __DIR__ . '/support/checks.php';

function call($path, $method = 'GET', $body = null, $isForm = false)
{
    $curl = curl_init(given('URL') . $path);
    curl_setopt_array($curl, [
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_CUSTOMREQUEST => $method,
        CURLOPT_CONNECTTIMEOUT => 10,
        CURLOPT_TIMEOUT => 30,
        CURLOPT_HTTPHEADER => [
            'apikey: ' . given('KEY'),
            'Content-Type: ' . ($isForm ? 'application/x-www-form-urlencoded' : 'application/json'),
        ],
    ]);
    if ($body !== null) {
        curl_setopt($curl, CURLOPT_POSTFIELDS, $isForm ? http_build_query($body) : json_encode($body));
    }
    return json_decode(curl_exec($curl), true);
}

function done($answer, $fact)
{
    Checks::is(true, is_array($answer) && $answer['code'] == 200, $fact . ' (' . ($answer['msg'] ?? 'no answer') . ')');
}

$name = 'ser900001';
done(call('/api/check'), 'the test of the connection');
$created = call('/api/create', 'POST', [
    'hostname' => $name,
    'password' => 'secret-8x',
    'cpus' => 1,
    'memory' => '128MB',
    'disk' => '1024MB',
    'image' => given('IMAGE'),
    'ingress' => '100Mbit',
    'egress' => '50Mbit',
    'allow_nesting' => 'true',
    'traffic_limit' => 0,
    'network_mode' => '1',
    'cpu_allowance' => '50%',
    'memory_swap' => 'true',
    'max_processes' => '512',
    'disk_io_limit' => '100MB',
    'privileged' => 'false',
    'enable_lxcfs' => 'true',
    'nat_limit' => 4,
]);
done($created, 'an order is carried out');
foreach (['dedicatedip', 'assignedips', 'ssh_port'] as $field) {
    Checks::is(true, isset($created['data'][$field]), "and tells $field");
}
$status = call("/api/status?hostname=$name");
Checks::is('RUNNING', $status['data']['status'] ?? null, 'Status');
$info = call("/api/info?hostname=$name");
foreach (['config', 'ipv4', 'cpu_percent', 'memory_percent', 'disk_percent', 'traffic_usage'] as $field) {
    Checks::is(true, array_key_exists($field, $info['data']), "the info page gets $field");
}
done(call("/api/traffic?hostname=$name"), 'the traffic');
Checks::is(true, call("/api/nat/check?hostname=$name&protocol=tcp&port=20910")['data']['available'], 'a port is looked up before it is taken');
$rule = ['hostname' => $name, 'dtype' => 'tcp', 'dport' => 20910, 'dport_end' => 20911, 'sport' => 8080, 'sport_end' => 8081, 'description' => '网站'];
done(call('/api/addport', 'POST', $rule, true), 'a range is forwarded');
$rules = call("/api/natlist?hostname=$name")['data'];
Checks::is([20910, 20911, 8080, '网站'], [$rules[1]['external_port'], $rules[1]['external_port_end'], $rules[1]['internal_port'], $rules[1]['description']], 'and listed');
done(call('/api/delport', 'POST', $rule, true), 'and taken away');
done(call("/api/suspend?hostname=$name"), 'SuspendAccount');
Checks::is('FROZEN', call("/api/status?hostname=$name")['data']['status'], 'it reads as frozen');
done(call("/api/unsuspend?hostname=$name"), 'UnsuspendAccount');
done(call("/api/traffic/reset?hostname=$name", 'POST'), 'TrafficReset');
done(call("/api/delete?hostname=$name"), 'TerminateAccount');

Checks::end();
