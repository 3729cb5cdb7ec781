<?php
/*
| The module against tests/contracts/billing_portico.json, which the portal's tests hold Portico to as well: what the
| module asks is what stands there, and what is answered there it understands.
*/

require __DIR__ . '/support/checks.php';
require __DIR__ . '/support/zjmf.php';
require __DIR__ . '/support/fake_portico.php';

const SAMPLES = ['{text}' => '说明文字', '{number}' => 1, '{digits}' => '1', '{port}' => 20022, '{address}' => '203.0.113.7', '{moment}' => '2026-01-02T03:04:05.000Z', '{id}' => 'abcdefgh1234', '{link}' => 'https://portal.example/visits/abc'];

function sample($value)
{
    return is_array($value) ? array_map('sample', $value) : (is_string($value) && isset(SAMPLES[$value]) ? SAMPLES[$value] : $value);
}

function contract($file)
{
    return json_decode(file_get_contents(__DIR__ . "/../../tests/contracts/$file"), true)['stories'];
}

/* Every request of the module that the contract knows, and what the module makes of each answer. */
$fake = new FakePortico();
Zjmf::server(['ip_address' => '127.0.0.1', 'port' => (string) $fake->port, 'accesshash' => 'pbk_x']);
$deeds = [
    'GET /api/check' => function () {
        return portico_TestLink(Zjmf::serverParams())['data']['server_status'] === 1;
    },
    'POST /api/create' => ['CreateAccount'],
    'GET /api/details' => ['Status'],
    'GET /api/forcestop' => ['HardOff'],
    'POST /api/resize' => ['ChangePackage'],
    'GET /api/boot' => ['On'],
    'GET /api/stop' => ['Off'],
    'GET /api/reboot' => ['Reboot'],
    'GET /api/suspend' => ['SuspendAccount'],
    'GET /api/unsuspend' => ['UnsuspendAccount'],
    'GET /api/delete' => ['TerminateAccount'],
    'POST /api/password' => ['CrackPassword'],
    'POST /api/addport' => ['NatAdd'],
    'POST /api/delport' => ['NatDelete'],
    'POST /api/snapshots' => ['SnapshotCreate'],
    'POST /api/snapshots/restore' => ['SnapshotRestore'],
    'POST /api/snapshots/delete' => ['SnapshotDelete'],
    'POST /api/traffic/reset' => ['TrafficReset'],
    'POST /api/reinstall' => ['Reinstall', ['reinstall_os' => 'Debian^debian12']],
    'POST /api/sso' => ['Vnc'],
];
$whole = array_values(array_filter(contract('billing_portico.json')[0]['steps'], function ($step) {
    return $step['request']['path'] === '/api/details';
}))[0]['answer']['body'];

$offering = sample($whole);
$offering['data']['can'] = ['sign_on'];

$seen = [];
foreach (['billing_portico.json', 'billing_first.json', 'billing_second.json', 'billing_refusals.json'] as $file) {
    foreach (contract($file) as $story) {
        foreach ($story['steps'] as $step) {
            $request = $step['request'];
            $name = "$request[method] $request[path]";
            $body = sample($step['answer']['body']);
            if (!isset($deeds[$name]) || !isset($body['msg']) && $name !== 'POST /api/create') {
                continue;
            }
            $seen[$name] = true;
            $given = ($request['json'] ?? []) + ($request['form'] ?? []) + ($request['query'] ?? []);
            Zjmf::host(5, ['Memory' => '512', 'Disk Space' => '10240'], ['domain' => $given['hostname'] ?? 'ser1']);
            $answer = ['status' => $step['answer']['status'], 'body' => json_encode($body + ['msg' => '好', 'data' => null])];
            // Whether there are links is looked up before one is asked for.
            $isLookedUp = $name === 'POST /api/sso';
            $fake->answers(...($isLookedUp ? [$offering, $answer] : [$answer, sample($whole)]));
            if ($name === 'GET /api/details' && ($body['data']['state'] ?? '') === '') {
                continue;
            }
            $deed = $deeds[$name];
            if (is_callable($deed)) {
                $isDone = $deed();
                $message = '';
            } else {
                $post = ['sport' => (string) ($given['sport'] ?? 80), 'dport' => (string) ($given['dport'] ?? 20080), 'protocol' => 'tcp', 'name' => 'before_update'];
                $_POST = $post;
                $told = Zjmf::call($deed[0], 5, $deed[1] ?? [], $deed[0] === 'CrackPassword' ? ['secret-8x'] : []);
                $_POST = [];
                $isDone = $told['status'] === 'success';
                $message = $told['msg'] ?? '';
            }
            $isGood = (int) $body['code'] === 200 || ($name === 'GET /api/delete' && (int) $body['code'] === 404);
            Checks::is($isGood, $isDone, "$file, $story[title]: $name with $body[code]" . ($isGood ? ' is done' : ' is not done'));
            if (!$fake->asked()) {
                // What cannot be right is told before it is asked.
                continue;
            }
            $first = $fake->asked()[$isLookedUp ? 1 : 0];
            Checks::is($name, "$first[method] $first[path]", "$name is what the module calls");
            if ($name !== 'GET /api/check') {
                $sent = (array) $first['json'] + $first['query'];
                Checks::is(strtolower($given['hostname'] ?? 'ser1'), $sent['hostname'] ?? null, 'it names the container');
            }
            if (!$isGood && $message !== '') {
                Checks::contains($body['msg'], $message, 'and the reason is told as it was given');
            }
        }
    }
}
Checks::is([], array_values(array_diff(array_keys($deeds), array_keys($seen))), 'every request of the module stands in a contract');

$fake->stop();
Checks::end();
