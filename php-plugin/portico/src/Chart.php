<?php

namespace Portico\Billing;

/** One chart of an instance's use: for ZJMF's own chart page, and drawn for ours. */
final class Chart
{
    const TYPES = [
        'cpu' => ['CPU', '%', [['cpu', '使用率']]],
        'mem' => ['内存', 'MiB', [['memory', '已用']]],
        'disk' => ['硬盘', 'MiB', [['disk', '已用']]],
        'network' => ['网络', 'Mbps', [['received', '下行'], ['sent', '上行']]],
    ];
    const RANGES = ['hour' => '1 小时', 'day' => '1 天', 'week' => '7 天', 'month' => '30 天', 'year' => '1 年'];
    const SPANS = ['hour' => 3600, 'day' => 86400, 'week' => 604800, 'month' => 2592000, 'year' => 31536000];
    const WIDTH = 640;
    const HEIGHT = 160;
    /** Room for the figures at the left, and for the times below. */
    const LEFT = 52;
    const FOOT = 20;
    const GRID = 4;
    const TIMES = 4;

    /** @var string */
    private $type;
    /** @var string */
    private $range;
    /** @var int seconds */
    private $step;
    /** @var int seconds since 1970 */
    private $until;
    /** @var array of points: at, and a value of each line */
    private $points;
    /** @var float|null */
    private $limit;

    private function __construct(string $type, string $range, array $samples, array $details)
    {
        $this->type = $type;
        $this->range = $range;
        $this->step = max(1, (int) ($samples['step_seconds'] ?? 60));
        $this->until = time();
        $this->points = self::pointsOf($samples, $this->step);
        $limits = ['mem' => $details['memory_mb'] ?? null, 'disk' => $details['disk']['size_mb'] ?? null];
        $this->limit = isset($limits[$type]) ? (float) $limits[$type] : null;
    }

    /**
     * @param array $details of the instance, for its sizes; empty: they are not shown
     * @throws Trouble
     */
    public static function of(string $type, string $range, array $samples, array $details): self
    {
        if (!isset(self::TYPES[$type])) {
            throw new Trouble(Trouble::SETTINGS, '没有这种图表');
        }
        return new self($type, $range, $samples, $details);
    }

    private static function pointsOf(array $samples, int $step): array
    {
        $points = [];
        foreach (isset($samples['points']) && is_array($samples['points']) ? $samples['points'] : [] as $point) {
            $at = is_array($point) ? strtotime((string) ($point['at'] ?? '')) : false;
            if ($at === false) {
                continue;
            }
            $points[] = [
                'at' => $at,
                'cpu' => $point['cpu_percent'] ?? null,
                'memory' => $point['memory_mib'] ?? null,
                'disk' => $point['disk_mib'] ?? null,
                'received' => self::megabits($point['received_bytes'] ?? null, $step),
                'sent' => self::megabits($point['sent_bytes'] ?? null, $step),
            ];
        }
        return $points;
    }

    private static function megabits($bytes, int $seconds): ?float
    {
        return is_numeric($bytes) ? round($bytes * 8 / 1000000 / $seconds, 3) : null;
    }

    public function title(): string
    {
        return self::TYPES[$this->type][0];
    }

    public function unit(): string
    {
        return self::TYPES[$this->type][1];
    }

    /** @return array of [label, last known value or null] */
    public function figures(): array
    {
        return array_map(function ($line) {
            $known = array_filter(array_column($this->points, $line[0]), 'is_numeric');
            return [$line[1], $known ? end($known) : null];
        }, self::TYPES[$this->type][2]);
    }

    public function isEmpty(): bool
    {
        foreach ($this->figures() as $figure) {
            if ($figure[1] !== null) {
                return false;
            }
        }
        return true;
    }

    /** In ZJMF's form; where nothing was measured there is no point. */
    public function forBilling(): array
    {
        $lines = self::TYPES[$this->type][2];
        return [
            'unit' => $this->unit(),
            'chart_type' => 'line',
            'label' => array_column($lines, 1),
            'list' => array_map(function ($line) {
                $list = [];
                foreach ($this->points as $point) {
                    if (isset($point[$line[0]]) && is_numeric($point[$line[0]])) {
                        $list[] = [
                            'time' => date('Y-m-d H:i:s', (int) $point['at']),
                            'value' => round((float) $point[$line[0]], 2),
                        ];
                    }
                }
                return $list;
            }, $lines),
        ];
    }

    /** A gap is a gap, never joined; the same figures stand in text beside it. */
    public function svg(): string
    {
        $top = $this->top();
        $parts = '';
        for ($line = 0; $line <= self::GRID; $line++) {
            $y = round(self::HEIGHT * (1 - $line / self::GRID), 1);
            $parts .= sprintf(
                '<path class="pt-grid" d="M%d %sH%d"/><text x="%d" y="%s" text-anchor="end">%s</text>',
                self::LEFT,
                $y,
                self::WIDTH,
                self::LEFT - 8,
                $y + 4,
                View::e(View::number($top * $line / self::GRID))
            );
        }
        foreach (self::TYPES[$this->type][2] as $number => $line) {
            foreach ($this->runs($line[0], $top) as $run) {
                $path = 'M' . implode('L', $run);
                if ($number === 0) {
                    $first = explode(' ', $run[0])[0];
                    $last = explode(' ', end($run))[0];
                    $parts .= "<path class=\"pt-area\" d=\"{$path}L$last " . self::HEIGHT . "L$first " . self::HEIGHT . 'z"/>';
                }
                $parts .= "<path class=\"pt-line pt-line-$number\" d=\"$path\"/>";
            }
        }
        return sprintf(
            '<svg class="pt-plot" viewBox="0 -8 %d %d" role="img" aria-label="%s">%s%s</svg>',
            self::WIDTH,
            self::HEIGHT + self::FOOT + 8,
            View::e($this->title() . '（' . $this->unit() . '）'),
            $parts,
            $this->times()
        );
    }

    private function times(): string
    {
        $format = $this->until - $this->from() > 86400 ? 'm-d' : 'H:i';
        $texts = '';
        for ($number = 0; $number <= self::TIMES; $number++) {
            $at = $this->from() + ($this->until - $this->from()) * $number / self::TIMES;
            $anchor = $number === 0 ? 'start' : ($number === self::TIMES ? 'end' : 'middle');
            $texts .= sprintf(
                '<text x="%s" y="%d" text-anchor="%s">%s</text>',
                $this->x((int) $at),
                self::HEIGHT + 16,
                $anchor,
                date($format, (int) $at)
            );
        }
        return $texts;
    }

    /** Unbroken pieces of a line, as "x y" each. */
    private function runs(string $name, float $top): array
    {
        $runs = [];
        $run = [];
        $before = null;
        foreach ($this->points as $point) {
            $value = $point[$name] ?? null;
            $isNext = $before !== null && $point['at'] - $before <= 1.5 * $this->step;
            if ($run && (!is_numeric($value) || !$isNext)) {
                $runs[] = $run;
                $run = [];
            }
            if (is_numeric($value)) {
                $run[] = $this->x((int) $point['at']) . ' ' . round(self::HEIGHT * (1 - min(1, $value / $top)), 1);
                $before = $point['at'];
            }
        }
        return $run ? array_merge($runs, [$run]) : $runs;
    }

    private function x(int $at): string
    {
        $share = ($at - $this->from()) / max(1, $this->until - $this->from());
        return (string) round(self::LEFT + (self::WIDTH - self::LEFT) * max(0, min(1, $share)), 1);
    }

    /** Zero-based always; of a percentage 100, of a size the size. */
    private function top(): float
    {
        if ($this->type === 'cpu') {
            return 100.0;
        }
        if ($this->limit) {
            return $this->limit;
        }
        $highest = 0.0;
        foreach (self::TYPES[$this->type][2] as $line) {
            $highest = max($highest, ...array_map('floatval', array_column($this->points, $line[0]) ?: [0]));
        }
        foreach ([1, 2, 5] as $nice) {
            $power = pow(10, floor(log10(max(0.01, $highest))));
            if ($highest <= $nice * $power) {
                return $nice * $power;
            }
        }
        return 10 * pow(10, floor(log10(max(0.01, $highest))));
    }

    private function from(): int
    {
        return $this->until - self::SPANS[$this->range];
    }
}
