<?php
/*
| The product's page of a billing system, to look at what the module shows there:
|
|   php -S 127.0.0.1:8801 php-plugin/tests/support/sample_portico.php
|   PORTICO_URL=http://127.0.0.1:8801 PORTICO_KEY=x php -S 127.0.0.1:8802 php-plugin/tests/page.php
|
| Then http://127.0.0.1:8802/?tab=info. PORTICO_URL may be a real Portico, with PORTICO_NAME the container's name.
*/

require __DIR__ . '/support/zjmf.php';

date_default_timezone_set('Asia/Shanghai');
$portico = parse_url((string) getenv('PORTICO_URL'));
Zjmf::server([
    'ip_address' => $portico['host'],
    'port' => (string) ($portico['port'] ?? ''),
    'secure' => $portico['scheme'] === 'https' ? 1 : 0,
    'accesshash' => (string) getenv('PORTICO_KEY'),
]);
Zjmf::host(1, [], ['domain' => getenv('PORTICO_NAME') ?: 'ser992331880255', 'domainstatus' => 'Active']);
Zjmf::$customApi = '/provision/custom/1';

if ($_SERVER['REQUEST_METHOD'] === 'POST') {
    header('content-type: application/json');
    $function = (string) ($_POST['func'] ?? '');
    echo json_encode(Zjmf::custom($function, 1, $_POST), JSON_UNESCAPED_UNICODE);
    return;
}
$tab = isset($_GET['tab']) && is_string($_GET['tab']) ? $_GET['tab'] : 'info';
$theme = ($_GET['theme'] ?? '') === 'dark' ? ' class="dark"' : '';
?>
<!doctype html>
<html lang="zh-CN"<?= $theme ?>>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>产品详情</title>
<style>
  body { margin: 0; font: 14px/1.6 system-ui, 'Noto Sans CJK SC', sans-serif; background: #eef0f4; color: #333 }
  .dark body { background: #0c0d10; color: #ddd }
  header { background: #2b3245; color: #fff; padding: 14px 24px }
  main { max-width: 1100px; margin: 24px auto; padding: 0 16px }
  nav { display: flex; flex-wrap: wrap; gap: 4px 20px; margin: 0 0 16px }
  nav a { color: inherit; text-decoration: none; padding: 6px 0 }
  nav a[aria-current] { border-bottom: 2px solid #4a6cf7; font-weight: 600 }
</style>
<header>财务系统 · 产品详情</header>
<main>
  <nav>
<?php foreach (portico_ClientArea([]) as $key => $page): ?>
    <a href="?tab=<?= $key ?>"<?= $key === $tab ? ' aria-current="page"' : '' ?>><?= htmlspecialchars($page['name']) ?></a>
<?php endforeach ?>
  </nav>
  <?= Zjmf::tab($tab, 1) ?>
</main>
