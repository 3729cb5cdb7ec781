<?php

namespace Portico\Billing;

/** Calls Portico's billing API. Certificates are verified; nothing is followed, nothing waited for without end. */
final class Client
{
    const CONNECT_SECONDS = 8;
    /** Portico answers within 24 seconds, if only that it goes on. */
    const ANSWER_SECONDS = 30;
    /** How long a page may wait for what it shows. */
    const READ_SECONDS = 15;
    const POLL_SECONDS = 1;
    const LARGEST_BYTES = 4194304;

    /** How long a button may spin. Whatever takes longer is told as going on, never as done. */
    const PATIENCE_SECONDS = 55;
    /** What one call gets at least, however late it is. */
    const LEAST_SECONDS = 3;

    /** @var Connection */
    private $connection;
    /** @var int */
    private $deadline;

    public function __construct(Connection $connection)
    {
        $this->connection = $connection;
        $this->deadline = time() + self::PATIENCE_SECONDS;
    }

    /** @throws Trouble */
    public function get(string $path, array $query = [], int $seconds = self::READ_SECONDS): Answer
    {
        $url = $path . ($query ? '?' . http_build_query($query, '', '&', PHP_QUERY_RFC3986) : '');
        return $this->call($url, [], $seconds);
    }

    /** @throws Trouble */
    public function post(string $path, array $body, int $seconds = self::ANSWER_SECONDS): Answer
    {
        $json = json_encode($body, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES);
        if ($json === false) {
            throw new Trouble(Trouble::SETTINGS, '参数不是有效的 UTF-8 文本');
        }
        return $this->call($path, [CURLOPT_POST => true, CURLOPT_POSTFIELDS => $json], $seconds);
    }

    /**
     * Waits for what goes on; the answer is that of its end.
     * @throws Trouble also when it takes too long
     */
    public function settle(Answer $answer): Answer
    {
        $task = $answer->text('task_id');
        while ($answer->isRunning() && $task !== '' && time() < $this->deadline) {
            sleep(self::POLL_SECONDS);
            $answer = self::outcome($this->get('/api/task_status', ['task_id' => $task])->orThrow());
        }
        return $answer->orThrow();
    }

    /** A task as the answer of whoever began it. */
    private static function outcome(Answer $task): Answer
    {
        switch ($task->text('status')) {
            case 'PENDING':
            case 'STARTED':
                return new Answer(202, $task->message(), null);
            case 'SUCCESS':
                return new Answer(200, $task->message(), null);
            case 'REVOKED':
                return new Answer(500, '操作已取消', null);
            default:
                return new Answer(500, '操作失败：' . ($task->text('result') ?: '原因未知'), null);
        }
    }

    private function call(string $url, array $options, int $seconds): Answer
    {
        if (!function_exists('curl_init')) {
            throw new Trouble(Trouble::SETTINGS, 'PHP 缺少 curl 扩展，请先安装');
        }
        $body = '';
        $seconds = max(self::LEAST_SECONDS, min($seconds, $this->deadline - time()));
        $curl = curl_init();
        curl_setopt_array($curl, $options + $this->security() + [
            CURLOPT_URL => $this->connection->url() . $url,
            CURLOPT_HTTPHEADER => [
                'apikey: ' . $this->connection->key(),
                'Accept: application/json',
                'Accept-Language: zh-CN',
                'Content-Type: application/json',
                'Expect:',
            ],
            CURLOPT_USERAGENT => 'portico-zjmf/' . Module::version(),
            CURLOPT_CONNECTTIMEOUT => self::CONNECT_SECONDS,
            CURLOPT_TIMEOUT => $seconds,
            CURLOPT_NOSIGNAL => true,
            CURLOPT_FOLLOWLOCATION => false,
            CURLOPT_WRITEFUNCTION => function ($curl, $part) use (&$body) {
                $body .= $part;
                return strlen($body) > self::LARGEST_BYTES ? 0 : strlen($part);
            },
        ]);
        curl_exec($curl);
        $error = curl_errno($curl);
        $status = (int) curl_getinfo($curl, CURLINFO_HTTP_CODE);
        $wasConnected = curl_getinfo($curl, CURLINFO_PRETRANSFER_TIME) > 0;
        unset($curl);
        if ($error !== 0) {
            throw $this->failure($error, $wasConnected, $seconds);
        }
        return self::read($body, $status);
    }

    /** With a pin the server's key alone decides, so that a certificate of its own making will do. */
    private function security(): array
    {
        $pin = $this->connection->pin();
        $options = [
            CURLOPT_PROTOCOLS => CURLPROTO_HTTP | CURLPROTO_HTTPS,
            CURLOPT_SSL_VERIFYPEER => $pin === null,
            CURLOPT_SSL_VERIFYHOST => $pin === null ? 2 : 0,
            CURLOPT_SSLVERSION => CURL_SSLVERSION_TLSv1_2,
        ];
        return $pin === null ? $options : $options + [CURLOPT_PINNEDPUBLICKEY => $pin];
    }

    /** @throws Trouble */
    private static function read(string $body, int $status): Answer
    {
        $envelope = json_decode($body, true);
        if (!is_array($envelope) || !isset($envelope['code']) || !is_numeric($envelope['code'])) {
            throw new Trouble(
                Trouble::UNANSWERED,
                "Portico 的答复无法识别（HTTP {$status}）：请检查接口的主机名和端口，以及反向代理"
            );
        }
        $message = isset($envelope['msg']) && is_string($envelope['msg']) ? $envelope['msg'] : '';
        return new Answer(
            (int) $envelope['code'],
            $message === '' ? '没有说明原因（' . (int) $envelope['code'] . '）' : $message,
            $envelope['data'] ?? null
        );
    }

    private function failure(int $error, bool $wasConnected, int $seconds): Trouble
    {
        switch ($error) {
            case 6: // CURLE_COULDNT_RESOLVE_HOST
                return new Trouble(Trouble::UNREACHED, '找不到 Portico 的主机名，请检查接口设置和 DNS');
            case 7: // CURLE_COULDNT_CONNECT
                return new Trouble(Trouble::UNREACHED, '连接不上 Portico，请检查接口的地址、端口和防火墙');
            case 90: // CURLE_SSL_PINNEDPUBKEYNOTMATCH
                return new Trouble(
                    Trouble::UNREACHED,
                    '证书与接口用户名中的指纹不符，已拒绝连接' . $this->presented()
                );
            case 51: // CURLE_PEER_FAILED_VERIFICATION, of older versions
            case 60: // CURLE_PEER_FAILED_VERIFICATION
                return new Trouble(
                    Trouble::UNREACHED,
                    'Portico 的证书未通过验证：过期、域名不符，或是自签名' . $this->presented()
                );
            case 35: // CURLE_SSL_CONNECT_ERROR
                return new Trouble(Trouble::UNREACHED, '与 Portico 的 TLS 握手失败：该端口可能不是 HTTPS');
            case 28: // CURLE_OPERATION_TIMEDOUT
                return $wasConnected
                    ? new Trouble(Trouble::UNANSWERED, "Portico 在 $seconds 秒内没有答复")
                    : new Trouble(Trouble::UNREACHED, '连接 Portico 超时，请检查接口的地址和防火墙');
            case 23: // CURLE_WRITE_ERROR
                return new Trouble(Trouble::UNANSWERED, 'Portico 的答复过长');
            default:
                return new Trouble(
                    $wasConnected ? Trouble::UNANSWERED : Trouble::UNREACHED,
                    "与 Portico 的连接中断（curl {$error}）"
                );
        }
    }

    /** The key that the server shows, so that who trusts it can pin it. */
    private function presented(): string
    {
        $address = preg_replace('#^https://#', '', $this->connection->url());
        if (!preg_match('/:\d+$/', $address)) {
            $address .= ':443';
        }
        $look = stream_context_create([
            'ssl' => ['capture_peer_cert' => true, 'verify_peer' => false, 'verify_peer_name' => false],
        ]);
        $socket = @stream_socket_client(
            "ssl://$address",
            $number,
            $text,
            self::CONNECT_SECONDS,
            STREAM_CLIENT_CONNECT,
            $look
        );
        $certificate = $socket ? stream_context_get_params($socket)['options']['ssl']['peer_certificate'] : null;
        $key = $certificate ? openssl_pkey_get_public($certificate) : false;
        if (!$key) {
            return '';
        }
        $pem = openssl_pkey_get_details($key)['key'];
        $der = base64_decode(preg_replace('/-----[^-]+-----|\s/', '', $pem));
        $pin = 'sha256//' . base64_encode(hash('sha256', $der, true));
        return "。服务器出示的指纹是 $pin ；与 Portico 管理员核对一致后，可填入接口的用户名";
    }
}
