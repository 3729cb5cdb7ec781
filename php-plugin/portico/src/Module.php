<?php

namespace Portico\Billing;

/** The deeds that ZJMF asks for, done to one product. */
final class Module
{
    const LOG_LINES = 20;
    const RANGES = ['hour', 'day', 'week', 'month', 'year'];
    const SNAPSHOT_NAME = '/^[A-Za-z][A-Za-z0-9_-]{1,39}$/';

    /** @var array */
    private $params;
    /** @var Client */
    private $client;

    /** @throws Trouble */
    private function __construct(array $params)
    {
        $this->params = $params;
        $this->client = new Client(Connection::of($params));
    }

    public static function version(): string
    {
        return trim((string) file_get_contents(__DIR__ . '/../version.txt'));
    }

    /** Does it and answers in ZJMF's form: whatever goes wrong is a sentence, and never looks like a success. */
    public static function act($params, string $deed, array $more = []): array
    {
        try {
            $module = new self((array) $params);
            return $module->$deed(...$more) + ['status' => 'success'];
        } catch (\Throwable $error) {
            return ['status' => 'error', 'msg' => self::sentence($error)];
        }
    }

    public static function sentence(\Throwable $error): string
    {
        if (!$error instanceof Trouble) {
            // Neither the trace nor the text: either may hold a password.
            return '插件内部错误（' . basename($error->getFile()) . ':' . $error->getLine() . '），请联系管理员';
        }
        return $error->is(Trouble::RUNNING)
            ? '操作仍在 Portico 中进行，请稍后同步或再试一次；重复提交不会重复执行'
            : $error->getMessage();
    }

    public static function testLink($params): array
    {
        try {
            $client = new Client(Connection::of((array) $params));
            $answer = $client->get('/api/check')->orThrow();
            return self::link(1, $answer->message() === 'API连接正常' ? 'Portico 连接成功，密钥有效' : $answer->message());
        } catch (\Throwable $error) {
            $isKey = $error instanceof Trouble && $error->is(Trouble::REFUSED) && $error->getCode() === 401;
            return self::link(0, $isKey ? '已连接到 Portico，但密钥无效、已过期，或不允许从本机地址使用' : self::sentence($error));
        }
    }

    private static function link(int $status, string $message): array
    {
        return ['status' => 200, 'data' => ['server_status' => $status, 'msg' => $message]];
    }

    /** Of a timer: traffic of these products. What cannot be read is left as it was. */
    public static function updateUsage(array $hostIds)
    {
        foreach (HostRow::all(array_map('intval', $hostIds), ['Active', 'Suspended']) as $row) {
            self::quietly(function () use ($row) {
                $module = new self($row);
                HostRow::write($row['hostid'], $module->traffic($module->details()));
            });
        }
    }

    /** Of a timer: what was still being created when the button gave up, and stands by now. */
    public static function finishOrders()
    {
        foreach (HostRow::all([], ['Pending']) as $row) {
            self::quietly(function () use ($row) {
                (new self($row))->sync();
            });
        }
    }

    /** One product's trouble is not the others'; a timer has nobody to tell. */
    private static function quietly(callable $work)
    {
        try {
            $work();
        } catch (\Throwable $error) {
            error_log('portico: ' . self::sentence($error));
        }
    }

    /* ------------------------------------------------------------------ life */

    private function create(): array
    {
        $order = ['hostname' => $this->name()] + Order::of($this->params)->size();
        $order['image'] = Order::of($this->params)->image();
        $order['password'] = $this->passwordToGive();
        $this->settled(function () use ($order) {
            return $this->client->post('/api/create', $order);
        });
        $details = $this->details();
        if (!in_array($details['state'], ['running', 'stopped'], true)) {
            throw new Trouble(Trouble::REFUSED, '实例没有建成：' . States::words($details['state']));
        }
        HostRow::write($this->params['hostid'], $this->row($details) + ['domainstatus' => 'Active']);
        return ['msg' => '开通成功'];
    }

    private function terminate(): array
    {
        try {
            $this->settled(function () {
                return $this->client->get('/api/delete', $this->query(), Client::ANSWER_SECONDS);
            });
        } catch (Trouble $trouble) {
            // Gone is what was wanted, whoever removed it.
            if ($trouble->getCode() !== 404) {
                throw $trouble;
            }
        }
        HostRow::write($this->params['hostid'], ['dedicatedip' => '', 'assignedips' => '']);
        return ['msg' => '实例已删除'];
    }

    private function suspend(): array
    {
        return $this->simply('/api/suspend', '实例已暂停');
    }

    private function unsuspend(): array
    {
        return $this->simply('/api/unsuspend', '实例已恢复');
    }

    private function resize(): array
    {
        $size = ['hostname' => $this->name()] + Order::of($this->params)->size();
        $this->settled(function () use ($size) {
            return $this->client->post('/api/resize', $size);
        });
        HostRow::write($this->params['hostid'], $this->traffic($this->details()));
        return ['msg' => '配置已更改'];
    }

    /** Portico keeps no due date: what remains is that nobody pays for something that is gone. */
    private function renew(): array
    {
        $this->details();
        return ['msg' => '续费成功'];
    }

    private function password(string $new): array
    {
        if (!preg_match('/^[^\p{Cc}]{6,128}$/u', $new)) {
            throw new Trouble(Trouble::SETTINGS, '密码应为 6 到 128 个字符，且不含控制字符');
        }
        $order = ['hostname' => $this->name(), 'password' => $new];
        $this->settled(function () use ($order) {
            return $this->client->post('/api/password', $order);
        });
        HostRow::write($this->params['hostid'], ['password' => $new]);
        return ['msg' => '密码已重置'];
    }

    private function reinstall(): array
    {
        $order = ['hostname' => $this->name(), 'system' => $this->wantedImage()];
        $password = $this->text('password');
        if ($password !== '') {
            $order['password'] = $password;
        }
        $this->settledOnce(function () use ($order) {
            return $this->client->post('/api/reinstall', $order);
        });
        HostRow::write($this->params['hostid'], $this->row($this->details()) + ['os' => $order['system']]);
        return ['msg' => '系统已重装'];
    }

    private function wantedImage(): string
    {
        $choice = $this->text('reinstall_os');
        $name = Order::imageName($choice);
        if (preg_match('/^\d*$/', $name)) {
            // Some themes send the option's number, and its words beside it.
            $name = Order::imageName($this->text('reinstall_os_name'));
        }
        if ($name === '') {
            throw new Trouble(Trouble::SETTINGS, '没有选择要安装的系统');
        }
        return $name;
    }

    /* ----------------------------------------------------------------- power */

    private function start(): array
    {
        return $this->simply('/api/boot', '已开机');
    }

    private function stop(): array
    {
        return $this->simply('/api/stop', '已关机');
    }

    private function restart(): array
    {
        $this->settledOnce(function () {
            return $this->client->get('/api/reboot', $this->query(), Client::ANSWER_SECONDS);
        });
        return ['msg' => '已重启'];
    }

    private function forceStop(): array
    {
        return $this->simply('/api/forcestop', '已强制关机');
    }

    private function forceRestart(): array
    {
        $this->forceStop();
        $this->start();
        return ['msg' => '已强制重启'];
    }

    /* --------------------------------------------------------------- reading */

    private function status(): array
    {
        $state = $this->details()['state'];
        return ['data' => ['status' => States::light($state), 'des' => States::words($state)]];
    }

    private function sync(): array
    {
        $details = $this->details();
        $row = $this->row($details);
        if ($this->text('domainstatus') === 'Pending' && in_array($details['state'], ['running', 'stopped'], true)) {
            $row['domainstatus'] = 'Active';
        }
        HostRow::write($this->params['hostid'], $row);
        return ['msg' => '已同步：' . States::words($details['state'])];
    }

    private function chart(): array
    {
        $asked = isset($this->params['chart']) && is_array($this->params['chart']) ? $this->params['chart'] : [];
        $range = in_array($asked['select'] ?? '', self::RANGES, true) ? $asked['select'] : 'hour';
        $chart = Chart::of((string) ($asked['type'] ?? ''), $range, $this->samples($range), []);
        return ['data' => $chart->forBilling()];
    }

    /** All that Portico tells of the instance. @throws Trouble */
    public function details(): array
    {
        $details = $this->client->get('/api/details', $this->query())->orThrow()->data();
        if (!isset($details['state']) || !is_string($details['state'])) {
            throw new Trouble(Trouble::UNANSWERED, 'Portico 的答复不完整，请确认其版本不低于插件');
        }
        return $details;
    }

    /** @throws Trouble */
    public function samples(string $range): array
    {
        return $this->client->get('/api/usage', $this->query() + ['range' => $range])->orThrow()->data();
    }

    /** What was done to it, the newest first. @throws Trouble */
    public function operations(): array
    {
        return self::rowsOf($this->client->get('/api/task/list', $this->query() + ['limit' => self::LOG_LINES]));
    }

    /** What the cluster itself says it did; null: it does not tell, or not now. @throws Trouble */
    public function clusterTasks()
    {
        $query = $this->query() + ['limit' => self::LOG_LINES];
        $answer = $this->client->get('/api/cluster_tasks', $query)->orThrow();
        return $answer->isNothing() ? null : self::rowsOf($answer);
    }

    /** Rows of one of its lists. @throws Trouble */
    public function rows(string $path): array
    {
        return self::rowsOf($this->client->get($path, $this->query()));
    }

    private static function rowsOf(Answer $answer): array
    {
        return array_values(array_filter($answer->orThrow()->data(), 'is_array'));
    }

    /** @throws Trouble */
    public static function of($params): self
    {
        return new self((array) $params);
    }

    /* --------------------------------------------------------- the own pages */

    private function addForward(): array
    {
        return $this->simplyPost('/api/addport', [
            'dtype' => Input::oneOf('protocol', '协议', ['tcp', 'udp', 'both']),
            'sport' => Input::port('sport', '内部端口'),
            'dport' => Input::port('dport', '外部端口', true),
            'description' => Input::text('description', 100),
        ], '端口转发已添加');
    }

    private function deleteForward(): array
    {
        return $this->simplyPost('/api/delport', [
            'dtype' => Input::oneOf('protocol', '协议', ['tcp', 'udp']),
            'sport' => Input::port('sport', '内部端口'),
            'dport' => Input::port('dport', '外部端口'),
        ], '端口转发已删除');
    }

    private function createSnapshot(): array
    {
        return $this->simplyPost('/api/snapshots', ['name' => $this->snapshotName()], '快照已创建');
    }

    private function restoreSnapshot(): array
    {
        return $this->simplyPost('/api/snapshots/restore', ['name' => $this->snapshotName()], '已回滚到该快照');
    }

    private function deleteSnapshot(): array
    {
        return $this->simplyPost('/api/snapshots/delete', ['name' => $this->snapshotName()], '快照已删除');
    }

    private function snapshotName(): string
    {
        $name = Input::text('name', 80);
        if (!preg_match(self::SNAPSHOT_NAME, $name)) {
            throw new Trouble(Trouble::SETTINGS, '快照名称应以字母开头，只含字母、数字、_ 和 -，2 到 40 个字符');
        }
        return $name;
    }

    private function resetTraffic(): array
    {
        return $this->simplyPost('/api/traffic/reset', [], '本月流量已清零');
    }

    private function console(): array
    {
        return $this->ticket('console');
    }

    private function screen(): array
    {
        return $this->ticket('screen');
    }

    private function portal(): array
    {
        return $this->ticket('overview');
    }

    /** A link into the portal that opens once, and soon. */
    private function ticket(string $page): array
    {
        if (!ClientArea::can($this->details(), 'sign_on')) {
            throw new Trouble(Trouble::SETTINGS, '这个版本的 Portico 还不能从财务系统直接进入，请登录面板后打开');
        }
        $order = ['hostname' => $this->name(), 'page' => $page];
        $url = $this->client->post('/api/sso', $order)->orThrow()->text('url');
        if (!preg_match('#^https?://[^\s"\'<>]+$#', $url)) {
            throw new Trouble(Trouble::UNANSWERED, 'Portico 没有给出有效的登录链接');
        }
        return ['msg' => '请在新窗口中继续', 'url' => $url, 'data' => ['url' => $url]];
    }

    /* --------------------------------------------------------------- private */

    private function simply(string $path, string $done): array
    {
        $this->settled(function () use ($path) {
            return $this->client->get($path, $this->query(), Client::ANSWER_SECONDS);
        });
        return ['msg' => $done];
    }

    private function simplyPost(string $path, array $body, string $done): array
    {
        $body = ['hostname' => $this->name()] + array_filter($body, 'strlen');
        $this->settledOnce(function () use ($path, $body) {
            return $this->client->post($path, $body);
        });
        return ['msg' => $done];
    }

    /**
     * The end of what `$ask` began. Where no answer came it is asked once more: what is wanted is a state, and
     * Portico answers a repetition with what the first one became.
     */
    private function settled(callable $ask): Answer
    {
        try {
            $answer = $ask();
        } catch (Trouble $trouble) {
            if (!$trouble->is(Trouble::UNANSWERED)) {
                throw $trouble;
            }
            $answer = $ask();
        }
        return $this->client->settle($answer);
    }

    /** The same for what must not be done twice. */
    private function settledOnce(callable $ask): Answer
    {
        try {
            return $this->client->settle($ask());
        } catch (Trouble $trouble) {
            if (!$trouble->is(Trouble::UNANSWERED)) {
                throw $trouble;
            }
            throw new Trouble(Trouble::UNANSWERED, $trouble->getMessage() . '；请先在操作记录中确认是否已经完成');
        }
    }

    /** What Portico knows it by: the name that ZJMF made. @throws Trouble */
    private function name(): string
    {
        $name = strtolower($this->text('domain'));
        if ($name === '') {
            throw new Trouble(Trouble::SETTINGS, '产品没有主机名，请先在产品内页填写');
        }
        return $name;
    }

    private function query(): array
    {
        return ['hostname' => $this->name()];
    }

    /** The product's, or a new one that is written down before it is used: a repeated order must be the same. */
    private function passwordToGive(): string
    {
        $password = $this->text('password');
        if ($password === '') {
            $password = substr(strtr(base64_encode(random_bytes(18)), '+/', 'xy'), 0, 20) . '7a';
            HostRow::write($this->params['hostid'], ['password' => $password]);
            $this->params['password'] = $password;
        }
        return $password;
    }

    /** As it goes into the product's row. */
    private function row(array $details): array
    {
        $addresses = array_column($details['addresses'] ?? [], 'address');
        $ssh = $details['ssh'] ?? null;
        $row = ['dedicatedip' => (string) ($ssh['host'] ?? $addresses[0] ?? ''), 'username' => 'root'];
        $row['assignedips'] = implode(',', array_diff($addresses, [$row['dedicatedip']]));
        if ($ssh) {
            $row['port'] = (int) $ssh['port'];
        }
        return $row + $this->traffic($details);
    }

    private function traffic(array $details): array
    {
        $traffic = $details['traffic'] ?? [];
        return [
            'bwlimit' => (int) ($traffic['limit_gb'] ?? 0),
            'bwusage' => round((float) ($traffic['used_gb'] ?? 0), 2),
        ];
    }

    private function text(string $name): string
    {
        $value = $this->params[$name] ?? '';
        return is_scalar($value) ? trim((string) $value) : '';
    }
}
