<?php
/* The billing system brings no Composer: a class of ours is the file of its name. */
spl_autoload_register(function ($class) {
    $prefix = 'Portico\\Billing\\';
    if (strncmp($class, $prefix, strlen($prefix)) !== 0) {
        return;
    }
    $file = __DIR__ . '/' . substr($class, strlen($prefix)) . '.php';
    if (is_file($file)) {
        require_once $file;
    }
});
