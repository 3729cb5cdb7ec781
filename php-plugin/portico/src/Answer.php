<?php

namespace Portico\Billing;

/** What Portico answered: an envelope of code, msg and data. */
final class Answer
{
    /** @var int */
    private $code;
    /** @var string */
    private $message;
    /** @var mixed */
    private $data;

    public function __construct(int $code, string $message, $data)
    {
        $this->code = $code;
        $this->message = $message;
        $this->data = $data;
    }

    public function code(): int
    {
        return $this->code;
    }

    public function message(): string
    {
        return $this->message;
    }

    /** Accepted, and not over yet. */
    public function isRunning(): bool
    {
        return $this->code === 202;
    }

    /** @throws Trouble unless what was asked is done */
    public function orThrow(): self
    {
        if ($this->code === 200) {
            return $this;
        }
        throw new Trouble($this->isRunning() ? Trouble::RUNNING : Trouble::REFUSED, $this->message, $this->code);
    }

    /** @return array rows or named values; empty when there is nothing */
    public function data(): array
    {
        return is_array($this->data) ? $this->data : [];
    }

    public function isNothing(): bool
    {
        return $this->data === null;
    }

    public function text(string $name): string
    {
        $value = $this->data()[$name] ?? '';
        return is_scalar($value) ? (string) $value : '';
    }
}
