<?php
/* What a script of checks needs: each check is one line of TAP, and the script ends badly when one failed. */

final class Checks
{
    /** Of a page its end is told, which holds what was rendered. */
    const LONGEST = 900;

    private static $count = 0;
    private static $failed = 0;

    public static function is($expected, $actual, $fact)
    {
        self::that($expected === $actual, $fact, function () use ($expected, $actual) {
            return 'expected ' . self::shown($expected) . "\nbut got  " . self::shown($actual);
        });
    }

    public static function matches($pattern, $actual, $fact)
    {
        self::that(is_string($actual) && preg_match($pattern, $actual) === 1, $fact, function () use ($pattern, $actual) {
            return "expected $pattern\nbut got  " . self::shown($actual);
        });
    }

    public static function contains($part, $actual, $fact)
    {
        self::matches('/' . preg_quote($part, '/') . '/u', $actual, $fact);
    }

    public static function lacks($part, $actual, $fact)
    {
        self::that(is_string($actual) && strpos($actual, $part) === false, $fact, function () use ($part) {
            return 'it contains ' . self::shown($part);
        });
    }

    /** In ZJMF's form. */
    public static function succeeds($answer, $fact)
    {
        self::that(($answer['status'] ?? '') === 'success', $fact, function () use ($answer) {
            return self::shown($answer);
        });
    }

    /** A failure must be a sentence in Chinese, and look like nothing else. */
    public static function fails($answer, $pattern, $fact)
    {
        $isError = is_array($answer) && ($answer['status'] ?? '') === 'error' && array_keys($answer) === ['status', 'msg'];
        $message = $isError ? $answer['msg'] : '';
        $isSentence = preg_match('/\p{Han}{4}/u', $message) === 1 && preg_match($pattern, $message) === 1;
        self::that($isError && $isSentence, $fact, function () use ($answer, $pattern) {
            return "expected an error $pattern\nbut got  " . self::shown($answer);
        });
    }

    private static function that($holds, $fact, callable $why)
    {
        self::$count++;
        echo $holds ? 'ok ' : 'not ok ', self::$count, " - $fact\n";
        if (!$holds) {
            self::$failed++;
            echo '  ', str_replace("\n", "\n  ", $why()), "\n";
        }
    }

    private static function shown($value)
    {
        $text = json_encode($value, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_PARTIAL_OUTPUT_ON_ERROR);
        return strlen($text) > self::LONGEST ? '… ' . substr($text, -self::LONGEST) : $text;
    }

    public static function end()
    {
        echo '1..', self::$count, "\n";
        exit(self::$failed === 0 && self::$count > 0 ? 0 : 1);
    }
}

/** What the portal's tests tell of the Portico that is to be driven. */
function given($name)
{
    $value = getenv("PORTICO_$name");
    if ($value === false || $value === '') {
        fwrite(STDERR, "PORTICO_$name is not set\n");
        exit(2);
    }
    return $value;
}

set_error_handler(function ($level, $text, $file, $line) {
    // A notice is a fault of ours: on a customer's page it would stand above the product.
    if (error_reporting() & $level) {
        throw new ErrorException($text, 0, $level, $file, $line);
    }
});
error_reporting(E_ALL);
date_default_timezone_set('Asia/Shanghai');
