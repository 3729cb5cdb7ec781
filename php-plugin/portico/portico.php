<?php
/*
| Portico for 魔方财务 (ZJMF): sells, runs and shows instances of Portico, whichever cluster they stand in.
| ZJMF calls the functions below by their names; what they do is in src/. Written for PHP 7.2 to 8.3.
*/

use Portico\Billing\ClientArea;
use Portico\Billing\Connection;
use Portico\Billing\Module;
use Portico\Billing\Options;

require_once __DIR__ . '/src/autoload.php';

function portico_MetaData()
{
    return [
        'DisplayName' => 'Portico',
        'APIVersion' => Module::version(),
        'HelpDoc' => '',
    ];
}

function portico_ConfigOptions()
{
    return Options::all();
}

function portico_TestLink($params)
{
    return Module::testLink($params);
}

function portico_CreateAccount($params)
{
    return Module::act($params, 'create');
}

function portico_TerminateAccount($params)
{
    return Module::act($params, 'terminate');
}

function portico_SuspendAccount($params)
{
    return Module::act($params, 'suspend');
}

function portico_UnsuspendAccount($params)
{
    return Module::act($params, 'unsuspend');
}

function portico_ChangePackage($params)
{
    return Module::act($params, 'resize');
}

function portico_Renew($params)
{
    return Module::act($params, 'renew');
}

function portico_On($params)
{
    return Module::act($params, 'start');
}

function portico_Off($params)
{
    return Module::act($params, 'stop');
}

function portico_Reboot($params)
{
    return Module::act($params, 'restart');
}

function portico_HardOff($params)
{
    return Module::act($params, 'forceStop');
}

function portico_HardReboot($params)
{
    return Module::act($params, 'forceRestart');
}

function portico_CrackPassword($params, $new_pass = '')
{
    return Module::act($params, 'password', [(string) $new_pass]);
}

function portico_Reinstall($params)
{
    return Module::act($params, 'reinstall');
}

function portico_Status($params)
{
    return Module::act($params, 'status');
}

function portico_Sync($params)
{
    return Module::act($params, 'sync');
}

function portico_Vnc($params)
{
    return Module::act($params, 'console');
}

function portico_ManagePanel($params)
{
    return Module::act($params, 'portal');
}

function portico_ClientArea($params)
{
    return ClientArea::tabs();
}

function portico_ClientAreaOutput($params, $key)
{
    return ClientArea::output($params, (string) $key);
}

function portico_AllowFunction()
{
    return [
        'client' => [
            'Page',
            'Portal',
            'Console',
            'Screen',
            'NatAdd',
            'NatDelete',
            'SnapshotCreate',
            'SnapshotRestore',
            'SnapshotDelete',
        ],
        'admin' => ['Portal', 'TrafficReset'],
    ];
}

function portico_AdminButton($params)
{
    return ['TrafficReset' => '流量清零', 'Portal' => '在 Portico 中打开'];
}

function portico_Chart()
{
    return ClientArea::charts();
}

function portico_ChartData($params)
{
    return Module::act($params, 'chart');
}

function portico_UsageUpdate($hostIds)
{
    Module::updateUsage((array) $hostIds);
}

function portico_FiveMinuteCron()
{
    Module::finishOrders();
}

/* Functions of the client area's own pages, called through MODULE_CUSTOM_API. */

function portico_Page($params)
{
    return ClientArea::page($params);
}

function portico_Portal($params)
{
    return Module::act($params, 'portal');
}

function portico_Console($params)
{
    return Module::act($params, 'console');
}

function portico_Screen($params)
{
    return Module::act($params, 'screen');
}

function portico_NatAdd($params)
{
    return Module::act($params, 'addForward');
}

function portico_NatDelete($params)
{
    return Module::act($params, 'deleteForward');
}

function portico_SnapshotCreate($params)
{
    return Module::act($params, 'createSnapshot');
}

function portico_SnapshotRestore($params)
{
    return Module::act($params, 'restoreSnapshot');
}

function portico_SnapshotDelete($params)
{
    return Module::act($params, 'deleteSnapshot');
}

function portico_TrafficReset($params)
{
    return Module::act($params, 'resetTraffic');
}
