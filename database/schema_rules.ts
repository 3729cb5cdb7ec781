import type { ColumnInfo, SchemaRules } from '@adonisjs/lucid/types/schema_generator'

const columns = '#models/concerns/columns'
const types = '#models/types'
const contract = '#drivers/contract'
const forwarding = '#forwarders/contract'

/** A closed set or a JSON shape instead of a bare string. */
function typed(tsType: string, source: string, decorator = '@column'): ColumnInfo {
  const typeImports = (tsType.match(/[A-Z]\w+/g) ?? []).filter((name) => name !== 'Record')
  return {
    tsType,
    decorators: [{ name: decorator }],
    imports: [
      ...(decorator === '@column' ? [] : [{ source: columns, namedImports: [decorator.slice(1)] }]),
      ...(typeImports.length ? [{ source, typeImports }] : []),
    ],
  }
}

const number: ColumnInfo = typed('number', columns, '@numberColumn')
const boolean: ColumnInfo = typed('boolean', columns, '@booleanColumn')

export default {
  types: { bigint: number, boolean },
  tables: {
    users: { columns: { staff_role: typed('StaffRole', types) } },
    user_sessions: { columns: { method: typed('SignInMethod', types) } },
    user_tokens: { columns: { purpose: typed('LinkPurpose', types) } },
    organizations: { columns: { kind: typed('OrganizationKind', types) } },
    memberships: { columns: { role: typed('Role', types) } },
    invitations: { columns: { role: typed('Role', types) } },
    quotas: { columns: { resource: typed('QuotaResource', types) } },
    clusters: {
      columns: {
        driver: typed('DriverName', contract),
        settings: typed('ClusterSettings', types, '@jsonColumn'),
        facts: typed('ClusterFacts', contract, '@jsonColumn'),
        status: typed('ClusterStatus', types),
        error_kind: typed('OperationErrorKind', types),
      },
    },
    billing_keys: { columns: { allowed_addresses: typed('string[]', types, '@jsonColumn') } },
    visits: { columns: { page: typed('VisitPage', types) } },
    images: { columns: { kind: typed('InstanceKind', contract) } },
    plans: {
      columns: {
        kind: typed('InstanceKind', contract),
        traffic_action: typed('TrafficAction', types),
      },
    },
    usage_rounds: { columns: { error_kind: typed('OperationErrorKind', types) } },
    meters: { columns: { counters: typed('Counters', types, '@jsonColumn') } },
    address_pools: { columns: { family: typed('IpFamily', contract) } },
    addresses: { columns: { family: typed('IpFamily', contract) } },
    instances: {
      columns: {
        kind: typed('InstanceKind', contract),
        power_state: typed('PowerStateSeen', types),
        wanted_power: typed('WantedPower', types),
        traffic_action: typed('TrafficAction', types),
        phase: typed('InstancePhase', types),
      },
    },
    drift_findings: {
      columns: {
        kind: typed('DriftKind', types),
        facts: typed('DriftFacts', types, '@jsonColumn'),
      },
    },
    drift_rounds: { columns: { error_kind: typed('OperationErrorKind', types) } },
    doctor_checks: {
      columns: {
        name: typed('DoctorCheckName', types),
        state: typed('DoctorState', types),
        saying: typed('DoctorSaying', types),
        measured: typed('DoctorMeasured', types, '@jsonColumn'),
      },
    },
    suspensions: { columns: { reason: typed('SuspensionReason', types) } },
    console_sessions: {
      columns: { kind: typed('ConsoleView', types), ending: typed('ConsoleEnding', types) },
    },
    operations: {
      columns: {
        type: typed('OperationType', types),
        state: typed('OperationState', types),
        input: typed('Record<string, unknown>', types, '@jsonColumn'),
        steps: typed('StepRecord[]', types, '@jsonColumn'),
        remote_task: typed('RemoteTask', contract, '@jsonColumn'),
        error_kind: typed('OperationErrorKind', types),
      },
    },
    notices: {
      columns: {
        type: typed('NoticeType', types),
        data: typed('Record<string, string | number | null>', types, '@jsonColumn'),
      },
    },
    notice_preferences: { columns: { kind: typed('NoticeKind', types) } },
    webhooks: { columns: { kinds: typed('NoticeKind[]', types, '@jsonColumn') } },
    webhook_deliveries: {
      columns: { state: typed('DeliveryState', types), problem: typed('WebhookProblem', types) },
    },
    batches: {
      columns: {
        deed: typed('BatchDeed', types),
        input: typed('BatchInput', types, '@jsonColumn'),
        origin: typed('AuditOrigin', types, '@jsonColumn'),
      },
    },
    batch_items: {
      columns: {
        state: typed('BatchItemState', types),
        refusal_data: typed('Record<string, string | number>', types, '@jsonColumn'),
      },
    },
    licensed_products: {
      columns: {
        algorithm: typed('SigningAlgorithm', types),
        classic_order: typed('ClassicOrder', types),
      },
    },
    signing_keys: {
      columns: { purpose: typed('KeyPurpose', types), origin: typed('KeyOrigin', types) },
    },
    key_approvals: { columns: { deed: typed('KeyDeed', types) } },
    host_info_uploads: {
      columns: { via: typed('UploadVia', types), refusal: typed('HostInfoRefusal', types) },
    },
    license_downloads: { columns: { form: typed('DocumentForm', types) } },
    cluster_forwarders: {
      columns: {
        kind: typed('ForwarderKind', forwarding),
        problems: typed('ForwarderProblem[]', forwarding, '@jsonColumn'),
        error_kind: typed('OperationErrorKind', types),
      },
    },
    networks: { columns: { purpose: typed('NetworkPurpose', types) } },
    port_pools: { columns: { family: typed('IpFamily', contract) } },
    port_forwards: { columns: { protocol: typed('ForwardProtocol', forwarding) } },
    snapshots: { columns: { rhythm: typed('CopyRhythm', types) } },
    backups: {
      columns: { rhythm: typed('CopyRhythm', types), store: typed('BackupStore', types) },
    },
    copy_schedules: {
      columns: { makes: typed('CopyKind', types), rhythm: typed('CopyRhythm', types) },
    },
    audit_events: {
      columns: { actor_kind: typed('ActorKind', types), outcome: typed('AuditOutcome', types) },
    },
  },
} satisfies SchemaRules
