<?php
/* A Portico of the tests' own, run by `php -S`: it answers as the file PORTICO_SCRIPT says, one line a request. */

$script = getenv('PORTICO_SCRIPT');
$asked = [
    'method' => $_SERVER['REQUEST_METHOD'],
    'path' => parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH),
    'query' => $_GET,
    'json' => json_decode((string) file_get_contents('php://input'), true),
    'key' => $_SERVER['HTTP_APIKEY'] ?? '',
];
file_put_contents("$script.asked", json_encode($asked, JSON_UNESCAPED_UNICODE) . "\n", FILE_APPEND);
$answers = file($script, FILE_IGNORE_NEW_LINES);
$number = count(file("$script.asked")) - 1;
$answer = json_decode($answers[min($number, count($answers) - 1)], true);
if (isset($answer['sleep'])) {
    sleep($answer['sleep']);
}
http_response_code($answer['status'] ?? 200);
foreach ($answer['headers'] ?? [] as $header) {
    header($header);
}
echo $answer['body'] ?? '';
