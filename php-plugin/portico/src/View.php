<?php

namespace Portico\Billing;

/** Renders a template of ours. Whatever it prints goes through `e`. */
final class View
{
    /** Their names end in .html, so that a web server which shows the folder runs none of them. */
    public static function render(string $template, array $values): string
    {
        $show = static function () {
            extract(func_get_arg(1), EXTR_SKIP);
            include func_get_arg(0);
        };
        ob_start();
        try {
            $show(__DIR__ . "/../templates/$template.html", $values);
        } catch (\Throwable $error) {
            ob_end_clean();
            throw $error;
        }
        return (string) ob_get_clean();
    }

    public static function asset(string $name): string
    {
        return (string) file_get_contents(__DIR__ . "/../assets/$name");
    }

    /** @param mixed $value */
    public static function e($value): string
    {
        return htmlspecialchars(is_scalar($value) ? (string) $value : '', ENT_QUOTES | ENT_SUBSTITUTE, 'UTF-8');
    }

    public static function megabytes($amount): string
    {
        if (!is_numeric($amount)) {
            return '未知';
        }
        return $amount >= 1024 ? self::number($amount / 1024) . ' GiB' : self::number($amount) . ' MiB';
    }

    public static function gigabytes($amount): string
    {
        return is_numeric($amount) ? self::number($amount) . ' GB' : '未知';
    }

    public static function mbps($amount): string
    {
        return is_numeric($amount) && $amount > 0 ? self::number($amount) . ' Mbps' : '不限';
    }

    public static function number($value): string
    {
        $decimals = $value >= 100 || $value == (int) $value ? 0 : ($value >= 10 ? 1 : 2);
        return number_format((float) $value, $decimals, '.', ' ');
    }

    /** In the billing system's zone. */
    public static function time($iso): string
    {
        $seconds = is_string($iso) ? strtotime($iso) : false;
        return $seconds === false ? '—' : date('Y-m-d H:i:s', $seconds);
    }

    /** Share of a whole; null when it cannot be said. */
    public static function percent($part, $whole): ?int
    {
        if (!is_numeric($part) || !is_numeric($whole) || $whole <= 0) {
            return null;
        }
        return (int) round(max(0, min(100, $part / $whole * 100)));
    }

    /** A state as a doorway: shape, colour and word together. */
    public static function door(string $door): string
    {
        $shapes = [
            'lit' => '<path d="M1 12V5a4 4 0 0 1 8 0v7z" fill="currentColor"/>',
            'empty' => '<path d="M1 12V5a4 4 0 0 1 8 0v7z" fill="none" stroke="currentColor" stroke-width="1.5"/>',
            'half' => '<path d="M1 12V5a4 4 0 0 1 8 0v7z" fill="none" stroke="currentColor" stroke-width="1.5"/>' .
                '<path d="M1 12V5a4 4 0 0 1 4-4v11z" fill="currentColor"/>',
            'barred' => '<path d="M1 12V5a4 4 0 0 1 8 0v7z" fill="currentColor"/>' .
                '<path d="M-1 7h12" stroke="var(--pt-panel)" stroke-width="2"/>',
            'crossed' => '<path d="M1 12V5a4 4 0 0 1 8 0v7z" fill="currentColor"/>' .
                '<path d="m3 5 4 4m0-4-4 4" stroke="var(--pt-panel)" stroke-width="1.5"/>',
            'dashed' => '<path d="M1 12V5a4 4 0 0 1 8 0v7z" fill="none" stroke="currentColor"' .
                ' stroke-width="1.5" stroke-dasharray="2 1.5"/>',
        ];
        $shape = $shapes[$door] ?? $shapes['dashed'];
        return "<svg class=\"pt-door pt-door-$door\" viewBox=\"0 0 10 12\" aria-hidden=\"true\">$shape</svg>";
    }
}
