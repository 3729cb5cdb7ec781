<?php
/*
| What 魔方财务 gives a server module, as far as ours and the older ones use it: its tables behind think\Db, its
| functions for secrets, the params of a product, and the places from which it calls.
*/

namespace think {
    /** Tables as lists of rows. */
    final class Db
    {
        /** @var array<string, array<int, array>> */
        public static $tables = ['host' => [], 'servers' => [], 'server_groups' => []];

        public static function name($table)
        {
            return new Query($table);
        }
    }

    /** The few words of the query builder that modules use. */
    final class Query
    {
        private $table;
        private $alias;
        private $fields = '*';
        private $joins = [];
        private $conditions = [];

        public function __construct($table)
        {
            $this->table = $table;
            $this->alias = $table;
        }

        public function alias($alias)
        {
            $this->alias = $alias;
            return $this;
        }

        public function field($fields)
        {
            $this->fields = $fields;
            return $this;
        }

        public function leftJoin($table, $on)
        {
            list($name, $alias) = explode(' ', $table);
            $this->joins[] = [$name, $alias, explode('=', $on)];
            return $this;
        }

        public function where($column, $value)
        {
            return $this->whereIn($column, [$value]);
        }

        public function whereIn($column, $values)
        {
            $this->conditions[] = [$column, (array) $values];
            return $this;
        }

        public function update(array $values)
        {
            $changed = 0;
            foreach (Db::$tables[$this->table] as $id => $row) {
                if ($this->matches($this->named($this->alias, $row))) {
                    Db::$tables[$this->table][$id] = $values + $row;
                    $changed++;
                }
            }
            return $changed;
        }

        public function select()
        {
            $rows = array_map(function ($row) {
                return $this->named($this->alias, $row);
            }, array_values(Db::$tables[$this->table]));
            foreach ($this->joins as list($table, $alias, list($left, $right))) {
                $rows = array_map(function ($row) use ($table, $alias, $left, $right) {
                    foreach (Db::$tables[$table] as $other) {
                        $joined = $row + $this->named($alias, $other);
                        if ($joined[$left] == $joined[$right]) {
                            return $joined;
                        }
                    }
                    return $row;
                }, $rows);
            }
            return array_values(array_map([$this, 'shown'], array_filter($rows, [$this, 'matches'])));
        }

        private function named($alias, array $row)
        {
            $named = [];
            foreach ($row as $column => $value) {
                $named["$alias.$column"] = $value;
            }
            return $named;
        }

        private function matches(array $row)
        {
            foreach ($this->conditions as list($column, $values)) {
                $name = strpos($column, '.') === false ? "$this->alias.$column" : $column;
                if (!in_array($row[$name] ?? null, $values)) {
                    return false;
                }
            }
            return true;
        }

        private function shown(array $row)
        {
            $shown = [];
            foreach (explode(',', $this->fields) as $field) {
                $parts = explode(' ', trim($field));
                $shown[end($parts) === $parts[0] ? explode('.', $parts[0])[1] : $parts[1]] = $row[$parts[0]] ?? null;
            }
            return $shown;
        }
    }
}

namespace {
    function cmf_encrypt($plain)
    {
        return 'cmf:' . base64_encode(strrev($plain));
    }

    function cmf_decrypt($sealed)
    {
        return strrev(base64_decode(substr($sealed, 4)));
    }

    function aesPasswordDecode($sealed)
    {
        return strrev(base64_decode(substr($sealed, 4)));
    }

    final class Zjmf
    {
        const SERVER = 3;

        /** An interface, as its form is filled in. */
        public static function server(array $fields)
        {
            $fields += [
                'gid' => 1,
                'name' => 'Portico',
                'ip_address' => '',
                'hostname' => '',
                'username' => '',
                'password' => '',
                'accesshash' => '',
                'secure' => 0,
                'port' => '',
            ];
            $fields['password'] = $fields['password'] === '' ? '' : cmf_encrypt($fields['password']);
            \think\Db::$tables['server_groups'] = [1 => ['id' => 1, 'type' => 'portico']];
            \think\Db::$tables['servers'][self::SERVER] = ['id' => self::SERVER] + $fields;
        }

        /** A product that a customer bought. */
        public static function host($id, array $options, array $fields = [])
        {
            \think\Db::$tables['host'][$id] = $fields + [
                'id' => $id,
                'uid' => 7,
                'serverid' => self::SERVER,
                'domain' => "ser70000$id",
                'domainstatus' => 'Pending',
                'username' => '',
                'password' => cmf_encrypt('Pa ss"\'$x' . $id),
                'dedicatedip' => '',
                'assignedips' => '',
                'port' => 0,
                'os' => '',
                'bwlimit' => 0,
                'bwusage' => 0,
            ];
            self::$options[$id] = $options;
        }

        private static $options = [];

        public static function choose($id, array $options)
        {
            self::$options[$id] = $options + self::$options[$id];
        }

        public static function row($id)
        {
            return \think\Db::$tables['host'][$id];
        }

        public static function serverParams()
        {
            $server = \think\Db::$tables['servers'][self::SERVER];
            return $server + [
                'server_ip' => $server['ip_address'],
                'server_host' => $server['hostname'],
                'server_username' => $server['username'],
                'server_password' => $server['password'] === '' ? '' : cmf_decrypt($server['password']),
                'server_http_prefix' => $server['secure'] ? 'https' : 'http',
            ];
        }

        public static function params($id, array $more = [])
        {
            $host = self::row($id);
            $server = self::serverParams();
            unset($server['id'], $server['name'], $server['username'], $server['password'], $server['hostname'], $server['gid']);
            $password = $host['password'];
            return $more + [
                'hostid' => $id,
                'password' => $password === '' ? '' : cmf_decrypt($password),
                'configoptions' => self::$options[$id] + self::defaults(),
                'configoptions_upgrade' => [],
                'user_info' => ['id' => 7, 'username' => '王芳', 'email' => 'wang.fang@example.com'],
                'customfields' => [],
                'port' => $server['port'],
            ] + $host + $server + ['module_type' => 'portico'];
        }

        /** As ZJMF fills in what the shop's options lack: by key, from the module's settings. */
        private static function defaults()
        {
            $defaults = [];
            foreach (portico_ConfigOptions() as $option) {
                $defaults[$option['key']] = $option['default'];
            }
            return $defaults;
        }

        /** A button of the product. */
        public static function call($function, $id, array $more = [], array $arguments = [])
        {
            return ("portico_$function")(self::params($id, $more), ...$arguments);
        }

        /** A function that a page of the module calls. */
        public static function custom($function, $id, array $post = [], $side = 'client')
        {
            $allowed = portico_AllowFunction()[$side];
            if (!in_array($function, $allowed, true)) {
                return ['status' => 'error', 'msg' => '不允许调用'];
            }
            $_POST = $post + ['func' => $function];
            $answer = self::call($function, $id);
            $_POST = [];
            return $answer;
        }

        /** A tab of the product's page, as the customer's browser gets it. */
        public static function tab($key, $id)
        {
            if (!isset(portico_ClientArea(self::params($id))[$key])) {
                return '';
            }
            $output = portico_ClientAreaOutput(self::params($id), $key);
            return is_string($output) ? $output : self::template($output);
        }

        /** The template engine: a variable is escaped unless it is told to be raw. */
        private static function template(array $output)
        {
            $values = $output['vars'] + ['MODULE_CUSTOM_API' => self::$customApi];
            $source = file_get_contents(__DIR__ . '/../../portico/' . $output['template']);
            return preg_replace_callback('/\{\$(\w+)(\|raw)?\}/', function ($match) use ($values) {
                $value = $values[$match[1]];
                return isset($match[2]) ? $value : htmlentities($value, ENT_QUOTES, 'UTF-8');
            }, $source);
        }

        public static $customApi = 'https://billing.example/provision/custom/1';
    }

    require_once __DIR__ . '/../../portico/portico.php';
}
