<?php
/*
| Every file of the module is PHP 7.2: it parses, and holds neither a word nor a function of a later PHP. Tokens are
| looked at, not text, so that a comment may say what it likes.
*/

require __DIR__ . '/support/checks.php';

/** Tokens that came after 7.2, by the name they have in the PHP that reads. */
const LATER_TOKENS = [
    'T_FN' => 'an arrow function (7.4)',
    'T_COALESCE_EQUAL' => '??= (7.4)',
    'T_NULLSAFE_OBJECT_OPERATOR' => '?-> (8.0)',
    'T_MATCH' => 'match (8.0)',
    'T_ATTRIBUTE' => 'an attribute (8.0)',
    'T_ENUM' => 'an enum (8.1)',
    'T_READONLY' => 'readonly (8.1)',
];

const LATER_FUNCTIONS = [
    'array_key_first', 'array_key_last', 'is_countable', 'hrtime', 'mb_str_split', 'password_algos', 'str_contains',
    'str_starts_with', 'str_ends_with', 'get_debug_type', 'get_resource_id', 'array_is_list', 'fdiv', 'fsync',
    'json_validate', 'mb_str_pad', 'array_find', 'array_any', 'array_all', 'mb_trim',
];

const LATER_NAMES = [
    'JSON_THROW_ON_ERROR', 'WeakMap', 'WeakReference', 'Stringable', 'JsonException', 'CURLPROTO_MQTT',
];

const LATER_TYPES = ['mixed', 'never', 'static', 'false', 'null', 'true'];

/** @return array of [line, what] */
function laterWords(array $tokens)
{
    $found = [];
    $count = count($tokens);
    foreach ($tokens as $i => $token) {
        $before = $tokens[$i - 1]['text'] ?? '';
        $next = $tokens[$i + 1]['text'] ?? '';
        $text = $token['text'];
        $say = function ($what) use (&$found, $token) {
            $found[] = "line $token[line]: $what";
        };
        if (isset(LATER_TOKENS[$token['name']])) {
            $say(LATER_TOKENS[$token['name']]);
        }
        if ($token['name'] === 'T_VARIABLE' && preg_match('/[^\x00-\x7f]/', $text)) {
            $say("$text: in a text, Chinese right behind a variable belongs to its name");
        }
        if ($token['name'] === 'T_STRING') {
            if (in_array(strtolower($text), LATER_FUNCTIONS, true) && $next === '(' && $before !== '->' && $before !== '::') {
                $say("$text() is a later function");
            }
            if (in_array($text, LATER_NAMES, true)) {
                $say("$text is a later name");
            }
            if ($next === ':' && in_array($before, ['(', ','], true) && ($tokens[$i + 2]['text'] ?? '') !== ':') {
                $say('a named argument (8.0)');
            }
        }
        if (in_array($token['name'], ['T_PUBLIC', 'T_PROTECTED', 'T_PRIVATE', 'T_VAR'], true)) {
            $after = $next === 'static' ? ($tokens[$i + 2] ?? null) : ($tokens[$i + 1] ?? null);
            if ($after && !in_array($after['name'], ['T_VARIABLE', 'T_FUNCTION', 'T_CONST', 'T_STATIC', 'T_ABSTRACT', 'T_FINAL'], true)) {
                $say('a typed property or a typed constant (7.4, 8.3)');
            }
            if (in_array($before, ['(', ','], true)) {
                $say('a promoted property (8.0)');
            }
        }
        if ($text === ')' && $before === ',') {
            $say('a comma after the last argument or parameter (7.3, 8.0)');
        }
        if ($text === '...' && in_array($before, ['[', ','], true) && isInBrackets($tokens, $i)) {
            $say('a spread in an array (7.4)');
        }
        if ($token['name'] === 'T_THROW' && !in_array($before, [';', '{', '}', ':', ')', '<?php'], true)) {
            $say('throw as an expression (8.0)');
        }
        if ($token['name'] === 'T_CATCH' && isCatchWithoutVariable($tokens, $i, $count)) {
            $say('catch without a variable (8.0)');
        }
        if (in_array($token['name'], ['T_LNUMBER', 'T_DNUMBER'], true) && strpos($text, '_') !== false) {
            $say('a number with _ (7.4)');
        }
        if ($token['name'] === 'T_END_HEREDOC' && trim($text) !== $text) {
            $say('an indented heredoc (7.3)');
        }
        if ($text === ':' && $before === ')' && isOfFunction($tokens, $i - 1) && in_array(strtolower(ltrim($next, '?')), LATER_TYPES, true)) {
            $say("$next as a return type (8.0)");
        }
        if ($text === '|' && ($tokens[$i + 2]['name'] ?? '') === 'T_VARIABLE' && $tokens[$i - 1]['name'] === 'T_STRING' && $tokens[$i + 1]['name'] === 'T_STRING'
            && in_array($tokens[$i - 2]['text'] ?? '', ['(', ','], true) && isOfFunction($tokens, $i)) {
            $say('a union type (8.0)');
        }
    }
    return $found;
}

/** Whether the nearest open bracket is one of an array. */
function isInBrackets(array $tokens, $i)
{
    for ($depth = 0; $i > 0; $i--) {
        $text = $tokens[$i - 1]['text'];
        if (in_array($text, [')', ']', '}'], true)) {
            $depth++;
        }
        if (in_array($text, ['(', '[', '{'], true) && $depth-- === 0) {
            return $text === '[';
        }
    }
    return false;
}

/** Whether the round bracket around this token, or that it closes, holds a function's parameters. */
function isOfFunction(array $tokens, $i)
{
    for ($depth = 0; $i > 1; $i--) {
        $text = $tokens[$i - 1]['text'];
        $depth += ($text === ')') - ($text === '(');
        if ($depth < 0) {
            return in_array('T_FUNCTION', [$tokens[$i - 2]['name'], $tokens[$i - 3]['name'] ?? ''], true);
        }
    }
    return false;
}

function isCatchWithoutVariable(array $tokens, $i, $count)
{
    for (; $i < $count && $tokens[$i]['text'] !== ')'; $i++) {
        if ($tokens[$i]['name'] === 'T_VARIABLE') {
            return false;
        }
    }
    return true;
}

/** Without blanks and comments; each with its name, its text and its line. */
function tokensOf($source)
{
    $tokens = [];
    $line = 1;
    foreach (token_get_all($source) as $token) {
        $line = is_array($token) ? $token[2] : $line;
        $name = is_array($token) ? token_name($token[0]) : '';
        if (!in_array($name, ['T_WHITESPACE', 'T_COMMENT', 'T_DOC_COMMENT'], true)) {
            $tokens[] = ['name' => $name, 'text' => is_array($token) ? trim($token[1], "\r\n") : $token, 'line' => $line];
        }
    }
    return $tokens;
}

$folder = dirname(__DIR__) . '/portico';
foreach (array_merge(glob("$folder/*.php"), glob("$folder/src/*.php"), glob("$folder/templates/*.html")) as $file) {
    $name = substr($file, strlen(dirname(__DIR__)) + 1);
    exec(escapeshellarg(PHP_BINARY) . ' -l ' . escapeshellarg($file) . ' 2>&1', $said, $code);
    Checks::is(0, $code, "$name parses");
    Checks::is([], laterWords(tokensOf(file_get_contents($file))), "$name is PHP 7.2");
}
foreach ([
    'fn($a) => 1;', '$a ??= 1;', '$a?->b();', 'match(1) { 1 => 2 };', 'class A { private int $a; }',
    'class A { function __construct(private $a) {} }', 'f($a, );', '$a = [...$b];', '$a ?? throw new E();',
    'try {} catch (E) {}', '$a = 1_000;', 'str_contains($a, "b");', 'function f(): mixed {}', 'f(name: 1);',
    'function f(int|string $a) {}', '$a = "$b）";',
] as $later) {
    Checks::is(1, min(1, count(laterWords(tokensOf("<?php $later")))), "it is seen: $later");
}
Checks::matches('/^[a-z][a-z0-9]+$/', basename($folder), 'the folder has a name that ZJMF finds');
Checks::is(true, is_file("$folder/" . basename($folder) . '.php'), 'and holds a file of that name');

Checks::end();
