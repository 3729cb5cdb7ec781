<?php
/* Starts support/server.php, tells it what to answer, and reads what it was asked. */

final class FakePortico
{
    private $process;
    private $script;
    public $port;

    public function __construct()
    {
        $this->script = tempnam(sys_get_temp_dir(), 'portico');
        $socket = stream_socket_server('tcp://127.0.0.1:0');
        $this->port = (int) substr(strrchr(stream_socket_get_name($socket, false), ':'), 1);
        fclose($socket);
        $command = 'exec ' . escapeshellarg(PHP_BINARY) . " -S 127.0.0.1:$this->port " . escapeshellarg(__DIR__ . '/server.php');
        $pipes = [];
        $this->process = proc_open(
            $command,
            [['file', '/dev/null', 'r'], ['file', '/dev/null', 'w'], ['file', '/dev/null', 'w']],
            $pipes,
            null,
            ['PORTICO_SCRIPT' => $this->script, 'PATH' => getenv('PATH')]
        );
        register_shutdown_function([$this, 'stop']);
        for ($tries = 0; $tries < 100 && !@fsockopen('127.0.0.1', $this->port); $tries++) {
            usleep(50000);
        }
    }

    /** Each call is answered with the next of these, then with the last again. */
    public function answers(...$answers)
    {
        @unlink("$this->script.asked");
        file_put_contents($this->script, implode("\n", array_map(function ($answer) {
            return json_encode(is_array($answer) && isset($answer['code']) ? ['body' => json_encode($answer)] : $answer);
        }, $answers)));
    }

    public function asked()
    {
        $lines = @file("$this->script.asked", FILE_IGNORE_NEW_LINES) ?: [];
        return array_map(function ($line) {
            return json_decode($line, true);
        }, $lines);
    }

    public function stop()
    {
        if (!$this->process) {
            return;
        }
        proc_terminate($this->process);
        proc_close($this->process);
        $this->process = null;
        array_map('unlink', glob("$this->script*"));
    }
}
