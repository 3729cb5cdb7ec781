<?php

namespace Portico\Billing;

/** What stands in the way, in a sentence for whoever pressed the button. */
final class Trouble extends \RuntimeException
{
    /** Nothing reached Portico. */
    const UNREACHED = 'unreached';
    /** Sent, but no answer came: it may have been done. */
    const UNANSWERED = 'unanswered';
    /** Portico said no; `getCode()` is the envelope's code. */
    const REFUSED = 'refused';
    /** Accepted, and not over yet. */
    const RUNNING = 'running';
    /** The billing system's own settings or input. */
    const SETTINGS = 'settings';

    /** @var string */
    private $kind;

    public function __construct(string $kind, string $message, int $code = 0)
    {
        parent::__construct($message, $code);
        $this->kind = $kind;
    }

    public function is(string $kind): bool
    {
        return $this->kind === $kind;
    }
}
