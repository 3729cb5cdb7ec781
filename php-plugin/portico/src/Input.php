<?php

namespace Portico\Billing;

/** What a page of the client area sent, as a form or as JSON. */
final class Input
{
    public static function text(string $name, int $longest = 200): string
    {
        $value = self::fields()[$name] ?? '';
        if (!is_scalar($value)) {
            return '';
        }
        $text = trim((string) $value);
        if (preg_match('//u', $text) !== 1 || preg_match_all('/./us', $text) > $longest) {
            throw new Trouble(Trouble::SETTINGS, "“{$name}”过长，或不是有效的文本");
        }
        return $text;
    }

    /** @throws Trouble */
    public static function port(string $name, string $label, bool $isOptional = false): string
    {
        $text = self::text($name, 5);
        if ($text === '' && $isOptional) {
            return '';
        }
        if (!preg_match('/^\d{1,5}$/', $text) || (int) $text < 1 || (int) $text > 65535) {
            throw new Trouble(Trouble::SETTINGS, "{$label}应为 1 到 65535 之间的数字");
        }
        return (string) (int) $text;
    }

    /** @throws Trouble */
    public static function oneOf(string $name, string $label, array $allowed): string
    {
        $text = self::text($name, 40);
        if (!in_array($text, $allowed, true)) {
            throw new Trouble(Trouble::SETTINGS, "{$label}无效");
        }
        return $text;
    }

    private static function fields(): array
    {
        if ($_POST) {
            return $_POST;
        }
        $fields = json_decode((string) file_get_contents('php://input'), true);
        return is_array($fields) ? $fields : [];
    }
}
