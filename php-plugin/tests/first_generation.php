<?php
/*
| An existing plugin of the first generation, as the contract describes its requests: always http, the key in the
| header `apikey`, GET with the name in the query, forms for the ports, JSON for the rest; `code` compared loosely.
| It is not changed for Portico, and must find its way.
*/

require __DIR__ . '/support/checks.php';

function call($path, $method = 'GET', $body = null)
{
    $isForm = is_array($body);
    $curl = curl_init(given('URL') . $path);
    curl_setopt_array($curl, [
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_CUSTOMREQUEST => $method,
        CURLOPT_CONNECTTIMEOUT => 10,
        CURLOPT_TIMEOUT => 30,
        CURLOPT_FOLLOWLOCATION => true,
        CURLOPT_HTTPHEADER => [
            'apikey: ' . given('KEY'),
            'Content-Type: ' . ($isForm ? 'application/x-www-form-urlencoded' : 'application/json'),
        ],
    ]);
    if ($body !== null) {
        curl_setopt($curl, CURLOPT_POSTFIELDS, $isForm ? http_build_query($body) : $body);
    }
    return json_decode(curl_exec($curl), true);
}

function done($answer, $fact)
{
    Checks::is(true, is_array($answer) && $answer['code'] == 200, $fact . ' (' . ($answer['msg'] ?? 'no answer') . ')');
}

$name = 'ser800001';
$password = 'N3w\'Pa ss"$x23';

/* TestLink */
$check = call('/api/check');
Checks::is('API连接正常', $check['msg'] ?? null, 'the test of the connection reads the very words it waits for');

/* CreateAccount: numbers as text, sizes in MB and Mbps. Sent twice, as when somebody presses the button again. */
$order = json_encode([
    'hostname' => $name,
    'password' => $password,
    'cpu' => '1',
    'disk' => '1024',
    'ram' => '128',
    'system' => given('IMAGE'),
    'up' => '20',
    'down' => '50',
    'ports' => 3,
    'bandwidth' => 100,
]);
$created = call('/api/create', 'POST', $order);
done($created, 'an order is carried out');
Checks::is(true, $created['data']['ssh_port'] >= 10000, 'and tells the port to SSH');
$again = call('/api/create', 'POST', $order);
Checks::is($created, $again, 'the same order again is answered alike');

/* Status, Sync, the page of the product */
$info = call("/api/getinfo?hostname=$name");
done($info, 'the info page gets its figures');
Checks::is('running', $info['data']['Status'], 'it runs');
foreach (['Hostname', 'UsedCPU', 'CPUCores', 'TotalRam', 'UsedRam', 'TotalDisk', 'UsedDisk', 'IP', 'Bandwidth', 'UseBandwidth'] as $field) {
    Checks::is(true, array_key_exists($field, $info['data']), "with $field");
}
Checks::is(true, $info['data']['UsedDisk'] / $info['data']['TotalDisk'] >= 0, 'the page can divide by the disk');

/* The page of ports */
$rules = call("/api/natlist?hostname=$name");
done($rules, 'the page of ports gets its rows');
Checks::is(['TCP', '22'], [$rules['data'][0]['Dtype'], $rules['data'][0]['Sport']], 'the first of them leads to SSH');
$port = (string) (intval($rules['data'][0]['Dport']) === 20900 ? 20901 : 20900);
$rule = ['hostname' => $name, 'dtype' => 'tcp', 'dport' => $port, 'sport' => '80'];
done(call('/api/addport', 'POST', $rule), 'a rule is added');
Checks::is(409, call('/api/addport', 'POST', $rule)['code'], 'the same port again is taken');
Checks::is(2, count(call("/api/natlist?hostname=$name")['data']), 'there are two rules');
done(call('/api/delport', 'POST', $rule), 'the rule is deleted');
done(call('/api/delport', 'POST', $rule), 'deleted again is no fault');

/* Power and password */
done(call("/api/stop?hostname=$name"), 'Off');
Checks::is('stop', call("/api/getinfo?hostname=$name")['data']['Status'], 'it is off');
Checks::is(true, call('/api/password', 'POST', json_encode(['hostname' => $name, 'password' => 'n3w-secret']))['code'] != 200, 'no password while it is off');
done(call("/api/boot?hostname=$name"), 'On');
done(call("/api/boot?hostname=$name"), 'On again is no fault');
done(call('/api/password', 'POST', json_encode(['hostname' => $name, 'password' => $password])), 'CrackPassword');
done(call("/api/reboot?hostname=$name"), 'Reboot');

/* TerminateAccount */
done(call("/api/delete?hostname=$name"), 'TerminateAccount');
Checks::is(404, call("/api/delete?hostname=$name")['code'], 'a second one is told that it is gone');
Checks::is([], call("/api/natlist?hostname=$name")['data'], 'and no rule is left');

/* A key that opens nothing */
putenv('PORTICO_KEY=wrong');
Checks::is(401, call('/api/check')['code'], 'a wrong key is told so');

Checks::end();
