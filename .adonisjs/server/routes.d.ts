import '@adonisjs/core/types/http'

type ParamValue = string | number | bigint | boolean

export type ScannedRoutes = {
  ALL: {
    'admin.searches.show': { paramsTuple?: []; params?: {} }
    'preferences.store': { paramsTuple?: []; params?: {} }
    'design.show': { paramsTuple?: []; params?: {} }
    'billing.check': { paramsTuple?: []; params?: {} }
    'billing.list': { paramsTuple?: []; params?: {} }
    'billing.getinfo': { paramsTuple?: []; params?: {} }
    'billing.info': { paramsTuple?: []; params?: {} }
    'billing.status': { paramsTuple?: []; params?: {} }
    'billing.create': { paramsTuple?: []; params?: {} }
    'billing.delete': { paramsTuple?: []; params?: {} }
    'billing.boot': { paramsTuple?: []; params?: {} }
    'billing.stop': { paramsTuple?: []; params?: {} }
    'billing.reboot': { paramsTuple?: []; params?: {} }
    'billing.suspend': { paramsTuple?: []; params?: {} }
    'billing.unsuspend': { paramsTuple?: []; params?: {} }
    'billing.password': { paramsTuple?: []; params?: {} }
    'billing.reinstall': { paramsTuple?: []; params?: {} }
    'billing.natlist': { paramsTuple?: []; params?: {} }
    'billing.addport': { paramsTuple?: []; params?: {} }
    'billing.delport': { paramsTuple?: []; params?: {} }
    'billing.nat.check': { paramsTuple?: []; params?: {} }
    'billing.traffic': { paramsTuple?: []; params?: {} }
    'billing.traffic.reset': { paramsTuple?: []; params?: {} }
    'billing.usage': { paramsTuple?: []; params?: {} }
    'billing.console.create_token': { paramsTuple?: []; params?: {} }
    'billing.task.list': { paramsTuple?: []; params?: {} }
    'billing.cluster_tasks': { paramsTuple?: []; params?: {} }
    'billing.task_status': { paramsTuple?: []; params?: {} }
    'billing.ipv4.list': { paramsTuple?: []; params?: {} }
    'billing.ipv6.list': { paramsTuple?: []; params?: {} }
    'billing.proxy.list': { paramsTuple?: []; params?: {} }
    'billing.proxy.lists': { paramsTuple?: []; params?: {} }
    'billing.proxy.check': { paramsTuple?: []; params?: {} }
    'billing.ipv4.add': { paramsTuple?: []; params?: {} }
    'billing.ipv4.delete': { paramsTuple?: []; params?: {} }
    'billing.ipv6.add': { paramsTuple?: []; params?: {} }
    'billing.ipv6.delete': { paramsTuple?: []; params?: {} }
    'billing.proxy.add': { paramsTuple?: []; params?: {} }
    'billing.proxy.delete': { paramsTuple?: []; params?: {} }
    'billing.details': { paramsTuple?: []; params?: {} }
    'billing.forcestop': { paramsTuple?: []; params?: {} }
    'billing.sso': { paramsTuple?: []; params?: {} }
    'billing.resize': { paramsTuple?: []; params?: {} }
    'billing.snapshots': { paramsTuple?: []; params?: {} }
    'billing.snapshots.take': { paramsTuple?: []; params?: {} }
    'billing.snapshots.restore': { paramsTuple?: []; params?: {} }
    'billing.snapshots.delete': { paramsTuple?: []; params?: {} }
    'development.mails.index': { paramsTuple?: []; params?: {} }
    'development.mails.show': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.audit_events.index': { paramsTuple?: []; params?: {} }
    'admin.audit_events.show': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.organizations.index': { paramsTuple?: []; params?: {} }
    'admin.organizations.show': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.quotas.update': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.users.index': { paramsTuple?: []; params?: {} }
    'admin.users.create': { paramsTuple?: []; params?: {} }
    'admin.users.store': { paramsTuple?: []; params?: {} }
    'admin.users.show': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.users.edit': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.users.update': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.users.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.password_resets.store': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.sessions.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.disablements.store': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.disablements.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.staff_roles.update': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.dashboard.show': { paramsTuple?: []; params?: {} }
    'admin.clusters.index': { paramsTuple?: []; params?: {} }
    'admin.clusters.create': { paramsTuple?: []; params?: {} }
    'admin.clusters.store': { paramsTuple?: []; params?: {} }
    'admin.clusters.show': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.clusters.edit': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.clusters.update': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.clusters.certificates.show': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.clusters.connection_tests.store': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.clusters.placements.edit': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.clusters.placements.update': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.clusters.closures.store': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.clusters.closures.destroy': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.clusters.network_purposes.update': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.clusters.syncs.store': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.clusters.nodes.index': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.clusters.usage.show': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.clusters.usage.points': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.clusters.drift_rounds.show': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.clusters.drift_rounds.store': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.clusters.move_ins.show': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.clusters.move_ins.store': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.clusters.examinations.show': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.clusters.examinations.store': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.nodes.closures.store': { paramsTuple: [ParamValue]; params: {'node_id': ParamValue} }
    'admin.nodes.closures.destroy': { paramsTuple: [ParamValue]; params: {'node_id': ParamValue} }
    'admin.images.index': { paramsTuple?: []; params?: {} }
    'admin.images.update': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.offers.store': { paramsTuple: [ParamValue]; params: {'image_id': ParamValue} }
    'admin.offers.destroy': { paramsTuple: [ParamValue]; params: {'image_id': ParamValue} }
    'admin.plans.index': { paramsTuple?: []; params?: {} }
    'admin.plans.create': { paramsTuple?: []; params?: {} }
    'admin.plans.store': { paramsTuple?: []; params?: {} }
    'admin.plans.edit': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.plans.update': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.archives.store': { paramsTuple: [ParamValue]; params: {'plan_id': ParamValue} }
    'admin.archives.destroy': { paramsTuple: [ParamValue]; params: {'plan_id': ParamValue} }
    'admin.address_pools.index': { paramsTuple?: []; params?: {} }
    'admin.address_pools.create': { paramsTuple?: []; params?: {} }
    'admin.address_pools.store': { paramsTuple?: []; params?: {} }
    'admin.address_pools.show': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.address_pools.edit': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.address_pools.update': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.address_pools.closures.store': { paramsTuple: [ParamValue]; params: {'address_pool_id': ParamValue} }
    'admin.address_pools.closures.destroy': { paramsTuple: [ParamValue]; params: {'address_pool_id': ParamValue} }
    'admin.address_pools.imports.create': { paramsTuple: [ParamValue]; params: {'address_pool_id': ParamValue} }
    'admin.address_pools.imports.store': { paramsTuple: [ParamValue]; params: {'address_pool_id': ParamValue} }
    'admin.port_forwards.index': { paramsTuple?: []; params?: {} }
    'admin.port_pools.index': { paramsTuple?: []; params?: {} }
    'admin.port_pools.create': { paramsTuple?: []; params?: {} }
    'admin.port_pools.store': { paramsTuple?: []; params?: {} }
    'admin.port_pools.show': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.port_pools.edit': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.port_pools.update': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.port_pools.closures.store': { paramsTuple: [ParamValue]; params: {'port_pool_id': ParamValue} }
    'admin.port_pools.closures.destroy': { paramsTuple: [ParamValue]; params: {'port_pool_id': ParamValue} }
    'admin.port_pools.imports.create': { paramsTuple: [ParamValue]; params: {'port_pool_id': ParamValue} }
    'admin.port_pools.imports.store': { paramsTuple: [ParamValue]; params: {'port_pool_id': ParamValue} }
    'admin.checks.store': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.clusters.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.identities.show': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.identities.update': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.credentials.edit': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.credentials.update': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.trusts.show': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.trusts.store': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.clusters.console_accounts.show': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.clusters.console_accounts.update': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.clusters.console_accounts.destroy': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.forwarders.edit': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.forwarders.update': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.port_pools.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.plans.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.address_pools.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.drift.index': { paramsTuple?: []; params?: {} }
    'admin.drift.show': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.drift.adoptions.store': { paramsTuple: [ParamValue]; params: {'finding_id': ParamValue} }
    'admin.drift.repairs.store': { paramsTuple: [ParamValue]; params: {'finding_id': ParamValue} }
    'admin.drift.forgettings.store': { paramsTuple: [ParamValue]; params: {'finding_id': ParamValue} }
    'admin.drift.forgettings.destroy': { paramsTuple: [ParamValue]; params: {'finding_id': ParamValue} }
    'admin.drift.recreations.store': { paramsTuple: [ParamValue]; params: {'finding_id': ParamValue} }
    'admin.drift.removals.destroy': { paramsTuple: [ParamValue]; params: {'finding_id': ParamValue} }
    'admin.events.index': { paramsTuple?: []; params?: {} }
    'admin.exports': { paramsTuple: [ParamValue]; params: {'list': ParamValue} }
    'admin.instances.index': { paramsTuple?: []; params?: {} }
    'admin.operations.index': { paramsTuple?: []; params?: {} }
    'admin.operations.show': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.operations.events': { paramsTuple: [ParamValue]; params: {'operation_id': ParamValue} }
    'admin.cancellations.store': { paramsTuple: [ParamValue]; params: {'operation_id': ParamValue} }
    'admin.operations.retry': { paramsTuple: [ParamValue]; params: {'operation_id': ParamValue} }
    'admin.resumptions.store': { paramsTuple: [ParamValue]; params: {'operation_id': ParamValue} }
    'admin.abandonments.store': { paramsTuple: [ParamValue]; params: {'operation_id': ParamValue} }
    'admin.jobs.index': { paramsTuple?: []; params?: {} }
    'admin.jobs.destroy': { paramsTuple: [ParamValue,ParamValue]; params: {'queue': ParamValue,'id': ParamValue} }
    'admin.jobs.retry': { paramsTuple: [ParamValue,ParamValue]; params: {'queue': ParamValue,'id': ParamValue} }
    'home.index': { paramsTuple?: []; params?: {} }
    'sign_ups.create': { paramsTuple?: []; params?: {} }
    'sign_ups.store': { paramsTuple?: []; params?: {} }
    'sessions.create': { paramsTuple?: []; params?: {} }
    'sessions.store': { paramsTuple?: []; params?: {} }
    'sign_in.passkeys': { paramsTuple?: []; params?: {} }
    'password_resets.create': { paramsTuple?: []; params?: {} }
    'password_resets.store': { paramsTuple?: []; params?: {} }
    'first_administrators.create': { paramsTuple: [ParamValue]; params: {'token': ParamValue} }
    'first_administrators.store': { paramsTuple: [ParamValue]; params: {'token': ParamValue} }
    'second_factors.create': { paramsTuple?: []; params?: {} }
    'second_factors.store': { paramsTuple?: []; params?: {} }
    'passkey_challenges.store': { paramsTuple?: []; params?: {} }
    'email_verifications.index': { paramsTuple?: []; params?: {} }
    'email_verifications.store': { paramsTuple?: []; params?: {} }
    'email_verifications.show': { paramsTuple: [ParamValue]; params: {'token': ParamValue} }
    'email_verifications.update': { paramsTuple: [ParamValue]; params: {'token': ParamValue} }
    'email_confirmations.show': { paramsTuple: [ParamValue]; params: {'token': ParamValue} }
    'email_confirmations.update': { paramsTuple: [ParamValue]; params: {'token': ParamValue} }
    'password_resets.edit': { paramsTuple: [ParamValue]; params: {'token': ParamValue} }
    'password_resets.update': { paramsTuple: [ParamValue]; params: {'token': ParamValue} }
    'sessions.destroy': { paramsTuple?: []; params?: {} }
    'account.home': { paramsTuple?: []; params?: {} }
    'account.profiles.edit': { paramsTuple?: []; params?: {} }
    'account.profiles.update': { paramsTuple?: []; params?: {} }
    'account.notifications.edit': { paramsTuple?: []; params?: {} }
    'account.notifications.update': { paramsTuple?: []; params?: {} }
    'account.sessions.index': { paramsTuple?: []; params?: {} }
    'account.sessions.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'account.other_sessions.destroy': { paramsTuple?: []; params?: {} }
    'account.confirmations.create': { paramsTuple?: []; params?: {} }
    'account.confirmations.store': { paramsTuple?: []; params?: {} }
    'account.email_changes.destroy': { paramsTuple?: []; params?: {} }
    'account.email_changes.create': { paramsTuple?: []; params?: {} }
    'account.email_changes.store': { paramsTuple?: []; params?: {} }
    'account.passwords.edit': { paramsTuple?: []; params?: {} }
    'account.passwords.update': { paramsTuple?: []; params?: {} }
    'account.security.show': { paramsTuple?: []; params?: {} }
    'account.api_tokens.index': { paramsTuple?: []; params?: {} }
    'account.api_tokens.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'account.ssh_keys.index': { paramsTuple?: []; params?: {} }
    'account.ssh_keys.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'account.recovery_codes.show': { paramsTuple?: []; params?: {} }
    'account.authenticators.create': { paramsTuple?: []; params?: {} }
    'account.authenticators.store': { paramsTuple?: []; params?: {} }
    'account.authenticators.destroy': { paramsTuple?: []; params?: {} }
    'account.passkeys.create': { paramsTuple?: []; params?: {} }
    'account.passkeys.store': { paramsTuple?: []; params?: {} }
    'account.passkeys.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'account.recovery_codes.store': { paramsTuple?: []; params?: {} }
    'account.api_tokens.create': { paramsTuple?: []; params?: {} }
    'account.api_tokens.store': { paramsTuple?: []; params?: {} }
    'account.ssh_keys.create': { paramsTuple?: []; params?: {} }
    'account.ssh_keys.store': { paramsTuple?: []; params?: {} }
    'api.v1.owner.me.show': { paramsTuple?: []; params?: {} }
    'api.v1.owner.invitations.index': { paramsTuple?: []; params?: {} }
    'api.v1.owner.notifications.show': { paramsTuple?: []; params?: {} }
    'api.v1.owner.organizations.index': { paramsTuple?: []; params?: {} }
    'api.v1.owner.sessions.index': { paramsTuple?: []; params?: {} }
    'api.v1.owner.ssh_keys.index': { paramsTuple?: []; params?: {} }
    'api.v1.owner.tokens.index': { paramsTuple?: []; params?: {} }
    'api.v1.owner.ssh_keys.store': { paramsTuple?: []; params?: {} }
    'api.v1.owner.ssh_keys.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'api.v1.owner.organizations.store': { paramsTuple?: []; params?: {} }
    'api.v1.owner.profiles.update': { paramsTuple?: []; params?: {} }
    'api.v1.owner.notifications.update': { paramsTuple?: []; params?: {} }
    'api.v1.owner.sessions.destroy_all': { paramsTuple?: []; params?: {} }
    'api.v1.owner.sessions.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'api.v1.owner.tokens.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'api.v1.owner.acceptances.store': { paramsTuple: [ParamValue]; params: {'invitation_id': ParamValue} }
    'api.v1.organization.show': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.clusters': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.images': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.plans': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.quotas.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.members.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.invitations.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.notifications.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.billing_keys.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.activity.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.operations.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.operations.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'api.v1.batches.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.batches.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'api.v1.batches.items': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'batch_id': ParamValue} }
    'api.v1.transfers.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.transfers.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'api.v1.backups.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.backups.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'api.v1.instances.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.instances.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'api.v1.webhooks.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.webhooks.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'api.v1.deliveries.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'webhook_id': ParamValue} }
    'api.v1.deliveries.show': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'webhook_id': ParamValue,'id': ParamValue} }
    'api.v1.instances.backup_schedules.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.backups.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.consoles.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.images.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.plans.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.interfaces.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.networks.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.port_forwards.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.port_pools.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.rescues.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.snapshot_schedules.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.snapshots.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.ssh_keys.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.suspensions.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.tasks.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.tasks.show': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue,'id': ParamValue} }
    'api.v1.instances.traffic.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.transfers.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.usage.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.power_states.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.rescues.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.port_forwards.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.port_forwards.destroy': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue,'id': ParamValue} }
    'api.v1.instances.snapshots.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.snapshots.destroy': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue,'id': ParamValue} }
    'api.v1.instances.restorations.store': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue,'snapshot_id': ParamValue} }
    'api.v1.instances.snapshot_schedules.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.snapshot_schedules.destroy': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue,'id': ParamValue} }
    'api.v1.instances.backups.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.backup_schedules.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.backup_schedules.destroy': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue,'id': ParamValue} }
    'api.v1.backups.destroy': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'api.v1.downloads.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'api.v1.instances.password_resets.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.root_passwords.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.ssh_keys.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.ssh_keys.destroy': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue,'id': ParamValue} }
    'api.v1.instances.console.tickets.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.console.sockets.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.store': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.instances.destroy': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'api.v1.instances.names.update': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.plans.update': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.reinstallations.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.interfaces.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.interfaces.destroy': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue,'id': ParamValue} }
    'api.v1.instances.transfers.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.transfers.destroy': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.restorations.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'backup_id': ParamValue} }
    'api.v1.cancellations.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'operation_id': ParamValue} }
    'api.v1.retries.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'operation_id': ParamValue} }
    'api.v1.transfers.destroy': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'api.v1.transfers.acceptance': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'transfer_id': ParamValue} }
    'api.v1.batches.store': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.batches.cancellation': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'batch_id': ParamValue} }
    'api.v1.batches.retries': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'batch_id': ParamValue} }
    'api.v1.instances.suspensions.suspensions.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.suspensions.suspensions.destroy': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue,'reason': ParamValue} }
    'api.v1.webhooks.store': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.webhooks.update': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'api.v1.webhooks.destroy': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'api.v1.webhooks.rotations.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'webhook_id': ParamValue} }
    'api.v1.webhooks.pings.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'webhook_id': ParamValue} }
    'api.v1.webhooks.redeliveries.store_failed': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'webhook_id': ParamValue} }
    'api.v1.webhooks.redeliveries.store': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'webhook_id': ParamValue,'delivery_id': ParamValue} }
    'api.v1.organization.update': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.organization.destroy': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.members.update': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'api.v1.members.destroy': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'api.v1.own_membership.destroy': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.invitations.store': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.invitations.destroy': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'api.v1.deliveries.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'invitation_id': ParamValue} }
    'api.v1.notifications.update': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'api.v1.billing_keys.destroy': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'api.docs': { paramsTuple?: []; params?: {} }
    'api.docs.openapi': { paramsTuple?: []; params?: {} }
    'api.auth.registrations.store': { paramsTuple?: []; params?: {} }
    'api.auth.logins.store': { paramsTuple?: []; params?: {} }
    'api.os.servers.index': { paramsTuple?: []; params?: {} }
    'api.os.actions.store': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'organizations.index': { paramsTuple?: []; params?: {} }
    'organizations.create': { paramsTuple?: []; params?: {} }
    'organizations.store': { paramsTuple?: []; params?: {} }
    'organizations.destroy': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'settings.edit': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'settings.update': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'quotas.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'activity.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'activity.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'notifications.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'notifications.update': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'webhooks.pings': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'webhook_id': ParamValue} }
    'webhooks.deliveries': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'webhook_id': ParamValue,'id': ParamValue} }
    'webhooks.failed_redeliveries': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'webhook_id': ParamValue} }
    'webhooks.redeliveries': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'webhook_id': ParamValue,'delivery_id': ParamValue} }
    'webhooks.create': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'webhooks.store': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'webhooks.update': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'webhooks.destroy': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'webhooks.rotations': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'webhook_id': ParamValue} }
    'webhooks.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'members.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'own_membership.destroy': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'members.update': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'members.destroy': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'invitations.store': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'invitation_deliveries.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'invitations.destroy': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'billing_keys.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'billing_keys.create': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'billing_keys.store': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'billing_keys.destroy': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'billing_key_rotations.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'invitations.show': { paramsTuple: [ParamValue]; params: {'token': ParamValue} }
    'acceptances.store': { paramsTuple: [ParamValue]; params: {'token': ParamValue} }
    'kits.show': { paramsTuple: [ParamValue]; params: {'file': ParamValue} }
    'licensing.licenses.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'licensing.licenses.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'licensing.host_infos.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'license_id': ParamValue} }
    'licensing.documents.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'license_id': ParamValue} }
    'licensing.documents.show': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'license_id': ParamValue,'id': ParamValue} }
    'licensing.exchanges.show': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'license_id': ParamValue,'document_id': ParamValue} }
    'licensing.tokens.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'license_id': ParamValue} }
    'licensing.tokens.destroy': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'license_id': ParamValue} }
    'admin.licensing.licensed_products.index': { paramsTuple?: []; params?: {} }
    'admin.licensing.licensed_products.create': { paramsTuple?: []; params?: {} }
    'admin.licensing.licensed_products.store': { paramsTuple?: []; params?: {} }
    'admin.licensing.licensed_products.edit': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.licensing.licensed_products.update': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.licensing.archives.store': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.licensing.archives.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.licensing.imports.create': { paramsTuple?: []; params?: {} }
    'admin.licensing.imports.store': { paramsTuple?: []; params?: {} }
    'admin.licensing.licenses.index': { paramsTuple?: []; params?: {} }
    'admin.licensing.licenses.create': { paramsTuple?: []; params?: {} }
    'admin.licensing.licenses.store': { paramsTuple?: []; params?: {} }
    'admin.licensing.licenses.show': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.licensing.licenses.update': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.licensing.licenses.suspensions.store': { paramsTuple: [ParamValue]; params: {'license_id': ParamValue} }
    'admin.licensing.licenses.suspensions.destroy': { paramsTuple: [ParamValue]; params: {'license_id': ParamValue} }
    'admin.licensing.licenses.renewals.store': { paramsTuple: [ParamValue]; params: {'license_id': ParamValue} }
    'admin.licensing.licenses.reopenings.store': { paramsTuple: [ParamValue]; params: {'license_id': ParamValue} }
    'admin.licensing.approvals.store': { paramsTuple: [ParamValue]; params: {'upload_id': ParamValue} }
    'admin.licensing.approvals.destroy': { paramsTuple: [ParamValue]; params: {'upload_id': ParamValue} }
    'admin.licensing.license_ledger.index': { paramsTuple?: []; params?: {} }
    'admin.licensing.signing_keys.index': { paramsTuple?: []; params?: {} }
    'admin.licensing.revocations.store': { paramsTuple: [ParamValue]; params: {'license_id': ParamValue} }
    'admin.licensing.licenses.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.licensing.keys.signing_keys.create': { paramsTuple?: []; params?: {} }
    'admin.licensing.keys.signing_keys.store': { paramsTuple?: []; params?: {} }
    'admin.licensing.keys.requests.store': { paramsTuple: [ParamValue]; params: {'key_id': ParamValue} }
    'admin.licensing.keys.requests.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.licensing.keys.approvals.store': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.licensing.keys.exports.store': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'api.licensing.validations.store': { paramsTuple?: []; params?: {} }
    'api.licensing.activations.store': { paramsTuple?: []; params?: {} }
    'api.licensing.heartbeats.store': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'api.licensing.activations.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'api.licensing.host_infos.store': { paramsTuple?: []; params?: {} }
    'api.licensing.documents.show': { paramsTuple?: []; params?: {} }
    'classic_licensing.users.index': { paramsTuple?: []; params?: {} }
    'classic_licensing.instances.index': { paramsTuple?: []; params?: {} }
    'classic_licensing.users.store': { paramsTuple?: []; params?: {} }
    'classic_licensing.users.update': { paramsTuple?: []; params?: {} }
    'classic_licensing.user_statuses.update': { paramsTuple?: []; params?: {} }
    'classic_licensing.users.destroy': { paramsTuple?: []; params?: {} }
    'classic_licensing.instances.destroy': { paramsTuple?: []; params?: {} }
    'classic_licensing.instances.store': { paramsTuple?: []; params?: {} }
    'classic_licensing.instances.update': { paramsTuple?: []; params?: {} }
    'classic_licensing.host_infos.store': { paramsTuple?: []; params?: {} }
    'classic_licensing.documents.store': { paramsTuple?: []; params?: {} }
    'classic_licensing.file': { paramsTuple: [ParamValue]; params: {'file': ParamValue} }
    'overview': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'searches.show': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'exports': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'list': ParamValue} }
    'instances.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'instances.create': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'instances.store': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'instance.instances.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'instance.instances.port_forwards.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.instances.port_forwards.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.instances.port_forwards.destroy': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.instances.deletions.create': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.snapshots.snapshots.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.snapshots.snapshots.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.snapshots.snapshots.destroy': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue,'id': ParamValue} }
    'instance.snapshots.deletions.create': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue,'id': ParamValue} }
    'instance.snapshots.restorations.create': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue,'id': ParamValue} }
    'instance.snapshots.restorations.store': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue,'id': ParamValue} }
    'instance.snapshots.snapshot_schedules.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.snapshots.snapshot_schedules.destroy': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue,'id': ParamValue} }
    'instance.consoles.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.tickets.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.sockets.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.access.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.password_resets.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.rescues.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.rescues.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.ssh_keys.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.ssh_keys.destroy': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.disks.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.history.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.tasks.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.tasks.show': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue,'id': ParamValue} }
    'instance.usage.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.usage.points': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.power_states.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.root_passwords.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.interfaces.interfaces.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.interfaces.interfaces.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.interfaces.interfaces.destroy': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue,'id': ParamValue} }
    'instance.interfaces.deletions.create': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue,'id': ParamValue} }
    'instance.instances.destroy': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'instance.deletions.create': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.backups.backups.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.backups.backups.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.backups.restorations.create': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue,'id': ParamValue} }
    'instance.backups.restorations.store': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue,'id': ParamValue} }
    'instance.backups.backups.destroy': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue,'id': ParamValue} }
    'instance.backups.deletions.create': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue,'id': ParamValue} }
    'instance.backups.downloads.show': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue,'id': ParamValue} }
    'instance.backups.backup_schedules.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.backups.backup_schedules.destroy': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue,'id': ParamValue} }
    'instance.names.update': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.plans.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.plans.update': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.transfers.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.reinstallations.create': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.reinstallations.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.transfers.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.transfers.destroy': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.settings.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'batches.deletions.deletions.create': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'batches.deletions.deletions.store': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'batches.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'batches.create': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'batches.store': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'batches.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'batches.cancellation': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'batch_id': ParamValue} }
    'batches.retries': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'batch_id': ParamValue} }
    'transfers.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'transfers.destroy': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'transfers.acceptance': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'transfer_id': ParamValue} }
    'backups.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'events': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'operations.events': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'operation_id': ParamValue} }
    'operations.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'operations.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'cancellations.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'operation_id': ParamValue} }
    'retries.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'operation_id': ParamValue} }
    'admin.instance.instances.show': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.instance.instances.port_forwards.index': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.instances.port_forwards.store': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.instances.port_forwards.destroy': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.instances.deletions.create': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.snapshots.snapshots.index': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.snapshots.snapshots.store': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.snapshots.snapshots.destroy': { paramsTuple: [ParamValue,ParamValue]; params: {'instance_id': ParamValue,'id': ParamValue} }
    'admin.instance.snapshots.deletions.create': { paramsTuple: [ParamValue,ParamValue]; params: {'instance_id': ParamValue,'id': ParamValue} }
    'admin.instance.snapshots.restorations.create': { paramsTuple: [ParamValue,ParamValue]; params: {'instance_id': ParamValue,'id': ParamValue} }
    'admin.instance.snapshots.restorations.store': { paramsTuple: [ParamValue,ParamValue]; params: {'instance_id': ParamValue,'id': ParamValue} }
    'admin.instance.snapshots.snapshot_schedules.store': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.snapshots.snapshot_schedules.destroy': { paramsTuple: [ParamValue,ParamValue]; params: {'instance_id': ParamValue,'id': ParamValue} }
    'admin.instance.consoles.show': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.tickets.store': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.sockets.show': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.access.show': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.password_resets.store': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.rescues.show': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.rescues.store': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.ssh_keys.store': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.ssh_keys.destroy': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.disks.index': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.history.show': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.tasks.index': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.tasks.show': { paramsTuple: [ParamValue,ParamValue]; params: {'instance_id': ParamValue,'id': ParamValue} }
    'admin.instance.usage.show': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.usage.points': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.power_states.store': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.root_passwords.store': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.interfaces.interfaces.index': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.interfaces.interfaces.store': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.interfaces.interfaces.destroy': { paramsTuple: [ParamValue,ParamValue]; params: {'instance_id': ParamValue,'id': ParamValue} }
    'admin.instance.interfaces.deletions.create': { paramsTuple: [ParamValue,ParamValue]; params: {'instance_id': ParamValue,'id': ParamValue} }
    'admin.instance.instances.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.instance.deletions.create': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.backups.backups.index': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.backups.backups.store': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.backups.restorations.create': { paramsTuple: [ParamValue,ParamValue]; params: {'instance_id': ParamValue,'id': ParamValue} }
    'admin.instance.backups.restorations.store': { paramsTuple: [ParamValue,ParamValue]; params: {'instance_id': ParamValue,'id': ParamValue} }
    'admin.instance.backups.backups.destroy': { paramsTuple: [ParamValue,ParamValue]; params: {'instance_id': ParamValue,'id': ParamValue} }
    'admin.instance.backups.deletions.create': { paramsTuple: [ParamValue,ParamValue]; params: {'instance_id': ParamValue,'id': ParamValue} }
    'admin.instance.backups.downloads.show': { paramsTuple: [ParamValue,ParamValue]; params: {'instance_id': ParamValue,'id': ParamValue} }
    'admin.instance.backups.backup_schedules.store': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.backups.backup_schedules.destroy': { paramsTuple: [ParamValue,ParamValue]; params: {'instance_id': ParamValue,'id': ParamValue} }
    'admin.instance.names.update': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.plans.show': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.plans.update': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.transfers.show': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.reinstallations.create': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.reinstallations.store': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.transfers.store': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.transfers.destroy': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.settings.show': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.traffic_resets.store': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.moves.create': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.moves.store': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.suspensions.store': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.suspensions.destroy': { paramsTuple: [ParamValue,ParamValue]; params: {'instance_id': ParamValue,'reason': ParamValue} }
    'admin.backups.index': { paramsTuple?: []; params?: {} }
    'admin.deletions.create': { paramsTuple: [ParamValue]; params: {'backup_id': ParamValue} }
    'admin.backups.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.batches.deletions.deletions.create': { paramsTuple?: []; params?: {} }
    'admin.batches.deletions.deletions.store': { paramsTuple?: []; params?: {} }
    'admin.batches.index': { paramsTuple?: []; params?: {} }
    'admin.batches.create': { paramsTuple?: []; params?: {} }
    'admin.batches.store': { paramsTuple?: []; params?: {} }
    'admin.batches.show': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.batches.cancellation': { paramsTuple: [ParamValue]; params: {'batch_id': ParamValue} }
    'admin.batches.retries': { paramsTuple: [ParamValue]; params: {'batch_id': ParamValue} }
    'visits.console': { paramsTuple?: []; params?: {} }
    'visits.ended': { paramsTuple?: []; params?: {} }
    'visits.show': { paramsTuple: [ParamValue]; params: {'token': ParamValue} }
    'visits.store': { paramsTuple: [ParamValue]; params: {'token': ParamValue} }
    'visit.destroy': { paramsTuple?: []; params?: {} }
    'visit.instance': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.instances.port_forwards.index': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.instances.port_forwards.store': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.instances.port_forwards.destroy': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.instances.deletions.create': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.snapshots.snapshots.index': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.snapshots.snapshots.store': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.snapshots.snapshots.destroy': { paramsTuple: [ParamValue,ParamValue]; params: {'instance_id': ParamValue,'id': ParamValue} }
    'visit.snapshots.deletions.create': { paramsTuple: [ParamValue,ParamValue]; params: {'instance_id': ParamValue,'id': ParamValue} }
    'visit.snapshots.restorations.create': { paramsTuple: [ParamValue,ParamValue]; params: {'instance_id': ParamValue,'id': ParamValue} }
    'visit.snapshots.restorations.store': { paramsTuple: [ParamValue,ParamValue]; params: {'instance_id': ParamValue,'id': ParamValue} }
    'visit.snapshots.snapshot_schedules.store': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.snapshots.snapshot_schedules.destroy': { paramsTuple: [ParamValue,ParamValue]; params: {'instance_id': ParamValue,'id': ParamValue} }
    'visit.consoles.show': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.tickets.store': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.sockets.show': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.access.show': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.password_resets.store': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.rescues.show': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.rescues.store': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.ssh_keys.store': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.ssh_keys.destroy': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.disks.index': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.history.show': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.tasks.index': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.tasks.show': { paramsTuple: [ParamValue,ParamValue]; params: {'instance_id': ParamValue,'id': ParamValue} }
    'visit.usage.show': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.usage.points': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.power_states.store': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.root_passwords.store': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.operation': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'visit.operation.events': { paramsTuple: [ParamValue]; params: {'operation_id': ParamValue} }
  }
  GET: {
    'admin.searches.show': { paramsTuple?: []; params?: {} }
    'design.show': { paramsTuple?: []; params?: {} }
    'billing.check': { paramsTuple?: []; params?: {} }
    'billing.list': { paramsTuple?: []; params?: {} }
    'billing.getinfo': { paramsTuple?: []; params?: {} }
    'billing.info': { paramsTuple?: []; params?: {} }
    'billing.status': { paramsTuple?: []; params?: {} }
    'billing.delete': { paramsTuple?: []; params?: {} }
    'billing.boot': { paramsTuple?: []; params?: {} }
    'billing.stop': { paramsTuple?: []; params?: {} }
    'billing.reboot': { paramsTuple?: []; params?: {} }
    'billing.suspend': { paramsTuple?: []; params?: {} }
    'billing.unsuspend': { paramsTuple?: []; params?: {} }
    'billing.natlist': { paramsTuple?: []; params?: {} }
    'billing.nat.check': { paramsTuple?: []; params?: {} }
    'billing.traffic': { paramsTuple?: []; params?: {} }
    'billing.usage': { paramsTuple?: []; params?: {} }
    'billing.task.list': { paramsTuple?: []; params?: {} }
    'billing.cluster_tasks': { paramsTuple?: []; params?: {} }
    'billing.task_status': { paramsTuple?: []; params?: {} }
    'billing.ipv4.list': { paramsTuple?: []; params?: {} }
    'billing.ipv6.list': { paramsTuple?: []; params?: {} }
    'billing.proxy.list': { paramsTuple?: []; params?: {} }
    'billing.proxy.check': { paramsTuple?: []; params?: {} }
    'billing.details': { paramsTuple?: []; params?: {} }
    'billing.forcestop': { paramsTuple?: []; params?: {} }
    'billing.snapshots': { paramsTuple?: []; params?: {} }
    'development.mails.index': { paramsTuple?: []; params?: {} }
    'development.mails.show': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.audit_events.index': { paramsTuple?: []; params?: {} }
    'admin.audit_events.show': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.organizations.index': { paramsTuple?: []; params?: {} }
    'admin.organizations.show': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.users.index': { paramsTuple?: []; params?: {} }
    'admin.users.create': { paramsTuple?: []; params?: {} }
    'admin.users.show': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.users.edit': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.dashboard.show': { paramsTuple?: []; params?: {} }
    'admin.clusters.index': { paramsTuple?: []; params?: {} }
    'admin.clusters.create': { paramsTuple?: []; params?: {} }
    'admin.clusters.show': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.clusters.edit': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.clusters.certificates.show': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.clusters.placements.edit': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.clusters.nodes.index': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.clusters.usage.show': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.clusters.usage.points': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.clusters.drift_rounds.show': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.clusters.move_ins.show': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.clusters.examinations.show': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.images.index': { paramsTuple?: []; params?: {} }
    'admin.plans.index': { paramsTuple?: []; params?: {} }
    'admin.plans.create': { paramsTuple?: []; params?: {} }
    'admin.plans.edit': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.address_pools.index': { paramsTuple?: []; params?: {} }
    'admin.address_pools.create': { paramsTuple?: []; params?: {} }
    'admin.address_pools.show': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.address_pools.edit': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.address_pools.imports.create': { paramsTuple: [ParamValue]; params: {'address_pool_id': ParamValue} }
    'admin.port_forwards.index': { paramsTuple?: []; params?: {} }
    'admin.port_pools.index': { paramsTuple?: []; params?: {} }
    'admin.port_pools.create': { paramsTuple?: []; params?: {} }
    'admin.port_pools.show': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.port_pools.edit': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.port_pools.imports.create': { paramsTuple: [ParamValue]; params: {'port_pool_id': ParamValue} }
    'admin.identities.show': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.credentials.edit': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.trusts.show': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.clusters.console_accounts.show': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.forwarders.edit': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.drift.index': { paramsTuple?: []; params?: {} }
    'admin.drift.show': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.events.index': { paramsTuple?: []; params?: {} }
    'admin.exports': { paramsTuple: [ParamValue]; params: {'list': ParamValue} }
    'admin.instances.index': { paramsTuple?: []; params?: {} }
    'admin.operations.index': { paramsTuple?: []; params?: {} }
    'admin.operations.show': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.operations.events': { paramsTuple: [ParamValue]; params: {'operation_id': ParamValue} }
    'admin.jobs.index': { paramsTuple?: []; params?: {} }
    'home.index': { paramsTuple?: []; params?: {} }
    'sign_ups.create': { paramsTuple?: []; params?: {} }
    'sessions.create': { paramsTuple?: []; params?: {} }
    'password_resets.create': { paramsTuple?: []; params?: {} }
    'first_administrators.create': { paramsTuple: [ParamValue]; params: {'token': ParamValue} }
    'second_factors.create': { paramsTuple?: []; params?: {} }
    'email_verifications.index': { paramsTuple?: []; params?: {} }
    'email_verifications.show': { paramsTuple: [ParamValue]; params: {'token': ParamValue} }
    'email_confirmations.show': { paramsTuple: [ParamValue]; params: {'token': ParamValue} }
    'password_resets.edit': { paramsTuple: [ParamValue]; params: {'token': ParamValue} }
    'account.home': { paramsTuple?: []; params?: {} }
    'account.profiles.edit': { paramsTuple?: []; params?: {} }
    'account.notifications.edit': { paramsTuple?: []; params?: {} }
    'account.sessions.index': { paramsTuple?: []; params?: {} }
    'account.confirmations.create': { paramsTuple?: []; params?: {} }
    'account.email_changes.create': { paramsTuple?: []; params?: {} }
    'account.passwords.edit': { paramsTuple?: []; params?: {} }
    'account.security.show': { paramsTuple?: []; params?: {} }
    'account.api_tokens.index': { paramsTuple?: []; params?: {} }
    'account.ssh_keys.index': { paramsTuple?: []; params?: {} }
    'account.recovery_codes.show': { paramsTuple?: []; params?: {} }
    'account.authenticators.create': { paramsTuple?: []; params?: {} }
    'account.passkeys.create': { paramsTuple?: []; params?: {} }
    'account.api_tokens.create': { paramsTuple?: []; params?: {} }
    'account.ssh_keys.create': { paramsTuple?: []; params?: {} }
    'api.v1.owner.me.show': { paramsTuple?: []; params?: {} }
    'api.v1.owner.invitations.index': { paramsTuple?: []; params?: {} }
    'api.v1.owner.notifications.show': { paramsTuple?: []; params?: {} }
    'api.v1.owner.organizations.index': { paramsTuple?: []; params?: {} }
    'api.v1.owner.sessions.index': { paramsTuple?: []; params?: {} }
    'api.v1.owner.ssh_keys.index': { paramsTuple?: []; params?: {} }
    'api.v1.owner.tokens.index': { paramsTuple?: []; params?: {} }
    'api.v1.organization.show': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.clusters': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.images': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.plans': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.quotas.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.members.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.invitations.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.notifications.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.billing_keys.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.activity.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.operations.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.operations.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'api.v1.batches.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.batches.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'api.v1.batches.items': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'batch_id': ParamValue} }
    'api.v1.transfers.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.transfers.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'api.v1.backups.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.backups.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'api.v1.instances.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.instances.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'api.v1.webhooks.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.webhooks.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'api.v1.deliveries.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'webhook_id': ParamValue} }
    'api.v1.deliveries.show': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'webhook_id': ParamValue,'id': ParamValue} }
    'api.v1.instances.backup_schedules.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.backups.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.consoles.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.images.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.plans.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.interfaces.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.networks.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.port_forwards.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.port_pools.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.rescues.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.snapshot_schedules.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.snapshots.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.ssh_keys.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.suspensions.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.tasks.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.tasks.show': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue,'id': ParamValue} }
    'api.v1.instances.traffic.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.transfers.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.usage.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.downloads.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'api.v1.instances.console.sockets.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.docs': { paramsTuple?: []; params?: {} }
    'api.docs.openapi': { paramsTuple?: []; params?: {} }
    'api.os.servers.index': { paramsTuple?: []; params?: {} }
    'organizations.index': { paramsTuple?: []; params?: {} }
    'organizations.create': { paramsTuple?: []; params?: {} }
    'settings.edit': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'quotas.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'activity.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'activity.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'notifications.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'webhooks.deliveries': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'webhook_id': ParamValue,'id': ParamValue} }
    'webhooks.create': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'webhooks.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'members.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'billing_keys.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'billing_keys.create': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'invitations.show': { paramsTuple: [ParamValue]; params: {'token': ParamValue} }
    'kits.show': { paramsTuple: [ParamValue]; params: {'file': ParamValue} }
    'licensing.licenses.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'licensing.licenses.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'licensing.documents.show': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'license_id': ParamValue,'id': ParamValue} }
    'licensing.exchanges.show': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'license_id': ParamValue,'document_id': ParamValue} }
    'admin.licensing.licensed_products.index': { paramsTuple?: []; params?: {} }
    'admin.licensing.licensed_products.create': { paramsTuple?: []; params?: {} }
    'admin.licensing.licensed_products.edit': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.licensing.imports.create': { paramsTuple?: []; params?: {} }
    'admin.licensing.licenses.index': { paramsTuple?: []; params?: {} }
    'admin.licensing.licenses.create': { paramsTuple?: []; params?: {} }
    'admin.licensing.licenses.show': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.licensing.license_ledger.index': { paramsTuple?: []; params?: {} }
    'admin.licensing.signing_keys.index': { paramsTuple?: []; params?: {} }
    'admin.licensing.keys.signing_keys.create': { paramsTuple?: []; params?: {} }
    'api.licensing.documents.show': { paramsTuple?: []; params?: {} }
    'classic_licensing.users.index': { paramsTuple?: []; params?: {} }
    'classic_licensing.instances.index': { paramsTuple?: []; params?: {} }
    'classic_licensing.file': { paramsTuple: [ParamValue]; params: {'file': ParamValue} }
    'overview': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'searches.show': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'exports': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'list': ParamValue} }
    'instances.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'instances.create': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'instance.instances.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'instance.instances.port_forwards.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.instances.deletions.create': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.snapshots.snapshots.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.snapshots.deletions.create': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue,'id': ParamValue} }
    'instance.snapshots.restorations.create': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue,'id': ParamValue} }
    'instance.consoles.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.sockets.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.access.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.rescues.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.disks.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.history.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.tasks.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.tasks.show': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue,'id': ParamValue} }
    'instance.usage.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.usage.points': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.interfaces.interfaces.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.interfaces.deletions.create': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue,'id': ParamValue} }
    'instance.deletions.create': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.backups.backups.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.backups.restorations.create': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue,'id': ParamValue} }
    'instance.backups.deletions.create': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue,'id': ParamValue} }
    'instance.backups.downloads.show': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue,'id': ParamValue} }
    'instance.plans.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.transfers.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.reinstallations.create': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.settings.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'batches.deletions.deletions.create': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'batches.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'batches.create': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'batches.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'transfers.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'backups.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'events': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'operations.events': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'operation_id': ParamValue} }
    'operations.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'operations.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'admin.instance.instances.show': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.instance.instances.port_forwards.index': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.instances.deletions.create': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.snapshots.snapshots.index': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.snapshots.deletions.create': { paramsTuple: [ParamValue,ParamValue]; params: {'instance_id': ParamValue,'id': ParamValue} }
    'admin.instance.snapshots.restorations.create': { paramsTuple: [ParamValue,ParamValue]; params: {'instance_id': ParamValue,'id': ParamValue} }
    'admin.instance.consoles.show': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.sockets.show': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.access.show': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.rescues.show': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.disks.index': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.history.show': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.tasks.index': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.tasks.show': { paramsTuple: [ParamValue,ParamValue]; params: {'instance_id': ParamValue,'id': ParamValue} }
    'admin.instance.usage.show': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.usage.points': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.interfaces.interfaces.index': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.interfaces.deletions.create': { paramsTuple: [ParamValue,ParamValue]; params: {'instance_id': ParamValue,'id': ParamValue} }
    'admin.instance.deletions.create': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.backups.backups.index': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.backups.restorations.create': { paramsTuple: [ParamValue,ParamValue]; params: {'instance_id': ParamValue,'id': ParamValue} }
    'admin.instance.backups.deletions.create': { paramsTuple: [ParamValue,ParamValue]; params: {'instance_id': ParamValue,'id': ParamValue} }
    'admin.instance.backups.downloads.show': { paramsTuple: [ParamValue,ParamValue]; params: {'instance_id': ParamValue,'id': ParamValue} }
    'admin.instance.plans.show': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.transfers.show': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.reinstallations.create': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.settings.show': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.moves.create': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.backups.index': { paramsTuple?: []; params?: {} }
    'admin.deletions.create': { paramsTuple: [ParamValue]; params: {'backup_id': ParamValue} }
    'admin.batches.deletions.deletions.create': { paramsTuple?: []; params?: {} }
    'admin.batches.index': { paramsTuple?: []; params?: {} }
    'admin.batches.create': { paramsTuple?: []; params?: {} }
    'admin.batches.show': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'visits.console': { paramsTuple?: []; params?: {} }
    'visits.ended': { paramsTuple?: []; params?: {} }
    'visits.show': { paramsTuple: [ParamValue]; params: {'token': ParamValue} }
    'visit.instance': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.instances.port_forwards.index': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.instances.deletions.create': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.snapshots.snapshots.index': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.snapshots.deletions.create': { paramsTuple: [ParamValue,ParamValue]; params: {'instance_id': ParamValue,'id': ParamValue} }
    'visit.snapshots.restorations.create': { paramsTuple: [ParamValue,ParamValue]; params: {'instance_id': ParamValue,'id': ParamValue} }
    'visit.consoles.show': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.sockets.show': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.access.show': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.rescues.show': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.disks.index': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.history.show': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.tasks.index': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.tasks.show': { paramsTuple: [ParamValue,ParamValue]; params: {'instance_id': ParamValue,'id': ParamValue} }
    'visit.usage.show': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.usage.points': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.operation': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'visit.operation.events': { paramsTuple: [ParamValue]; params: {'operation_id': ParamValue} }
  }
  HEAD: {
    'admin.searches.show': { paramsTuple?: []; params?: {} }
    'design.show': { paramsTuple?: []; params?: {} }
    'billing.check': { paramsTuple?: []; params?: {} }
    'billing.list': { paramsTuple?: []; params?: {} }
    'billing.getinfo': { paramsTuple?: []; params?: {} }
    'billing.info': { paramsTuple?: []; params?: {} }
    'billing.status': { paramsTuple?: []; params?: {} }
    'billing.delete': { paramsTuple?: []; params?: {} }
    'billing.boot': { paramsTuple?: []; params?: {} }
    'billing.stop': { paramsTuple?: []; params?: {} }
    'billing.reboot': { paramsTuple?: []; params?: {} }
    'billing.suspend': { paramsTuple?: []; params?: {} }
    'billing.unsuspend': { paramsTuple?: []; params?: {} }
    'billing.natlist': { paramsTuple?: []; params?: {} }
    'billing.nat.check': { paramsTuple?: []; params?: {} }
    'billing.traffic': { paramsTuple?: []; params?: {} }
    'billing.usage': { paramsTuple?: []; params?: {} }
    'billing.task.list': { paramsTuple?: []; params?: {} }
    'billing.cluster_tasks': { paramsTuple?: []; params?: {} }
    'billing.task_status': { paramsTuple?: []; params?: {} }
    'billing.ipv4.list': { paramsTuple?: []; params?: {} }
    'billing.ipv6.list': { paramsTuple?: []; params?: {} }
    'billing.proxy.list': { paramsTuple?: []; params?: {} }
    'billing.proxy.check': { paramsTuple?: []; params?: {} }
    'billing.details': { paramsTuple?: []; params?: {} }
    'billing.forcestop': { paramsTuple?: []; params?: {} }
    'billing.snapshots': { paramsTuple?: []; params?: {} }
    'development.mails.index': { paramsTuple?: []; params?: {} }
    'development.mails.show': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.audit_events.index': { paramsTuple?: []; params?: {} }
    'admin.audit_events.show': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.organizations.index': { paramsTuple?: []; params?: {} }
    'admin.organizations.show': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.users.index': { paramsTuple?: []; params?: {} }
    'admin.users.create': { paramsTuple?: []; params?: {} }
    'admin.users.show': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.users.edit': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.dashboard.show': { paramsTuple?: []; params?: {} }
    'admin.clusters.index': { paramsTuple?: []; params?: {} }
    'admin.clusters.create': { paramsTuple?: []; params?: {} }
    'admin.clusters.show': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.clusters.edit': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.clusters.certificates.show': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.clusters.placements.edit': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.clusters.nodes.index': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.clusters.usage.show': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.clusters.usage.points': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.clusters.drift_rounds.show': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.clusters.move_ins.show': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.clusters.examinations.show': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.images.index': { paramsTuple?: []; params?: {} }
    'admin.plans.index': { paramsTuple?: []; params?: {} }
    'admin.plans.create': { paramsTuple?: []; params?: {} }
    'admin.plans.edit': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.address_pools.index': { paramsTuple?: []; params?: {} }
    'admin.address_pools.create': { paramsTuple?: []; params?: {} }
    'admin.address_pools.show': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.address_pools.edit': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.address_pools.imports.create': { paramsTuple: [ParamValue]; params: {'address_pool_id': ParamValue} }
    'admin.port_forwards.index': { paramsTuple?: []; params?: {} }
    'admin.port_pools.index': { paramsTuple?: []; params?: {} }
    'admin.port_pools.create': { paramsTuple?: []; params?: {} }
    'admin.port_pools.show': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.port_pools.edit': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.port_pools.imports.create': { paramsTuple: [ParamValue]; params: {'port_pool_id': ParamValue} }
    'admin.identities.show': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.credentials.edit': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.trusts.show': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.clusters.console_accounts.show': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.forwarders.edit': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.drift.index': { paramsTuple?: []; params?: {} }
    'admin.drift.show': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.events.index': { paramsTuple?: []; params?: {} }
    'admin.exports': { paramsTuple: [ParamValue]; params: {'list': ParamValue} }
    'admin.instances.index': { paramsTuple?: []; params?: {} }
    'admin.operations.index': { paramsTuple?: []; params?: {} }
    'admin.operations.show': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.operations.events': { paramsTuple: [ParamValue]; params: {'operation_id': ParamValue} }
    'admin.jobs.index': { paramsTuple?: []; params?: {} }
    'home.index': { paramsTuple?: []; params?: {} }
    'sign_ups.create': { paramsTuple?: []; params?: {} }
    'sessions.create': { paramsTuple?: []; params?: {} }
    'password_resets.create': { paramsTuple?: []; params?: {} }
    'first_administrators.create': { paramsTuple: [ParamValue]; params: {'token': ParamValue} }
    'second_factors.create': { paramsTuple?: []; params?: {} }
    'email_verifications.index': { paramsTuple?: []; params?: {} }
    'email_verifications.show': { paramsTuple: [ParamValue]; params: {'token': ParamValue} }
    'email_confirmations.show': { paramsTuple: [ParamValue]; params: {'token': ParamValue} }
    'password_resets.edit': { paramsTuple: [ParamValue]; params: {'token': ParamValue} }
    'account.home': { paramsTuple?: []; params?: {} }
    'account.profiles.edit': { paramsTuple?: []; params?: {} }
    'account.notifications.edit': { paramsTuple?: []; params?: {} }
    'account.sessions.index': { paramsTuple?: []; params?: {} }
    'account.confirmations.create': { paramsTuple?: []; params?: {} }
    'account.email_changes.create': { paramsTuple?: []; params?: {} }
    'account.passwords.edit': { paramsTuple?: []; params?: {} }
    'account.security.show': { paramsTuple?: []; params?: {} }
    'account.api_tokens.index': { paramsTuple?: []; params?: {} }
    'account.ssh_keys.index': { paramsTuple?: []; params?: {} }
    'account.recovery_codes.show': { paramsTuple?: []; params?: {} }
    'account.authenticators.create': { paramsTuple?: []; params?: {} }
    'account.passkeys.create': { paramsTuple?: []; params?: {} }
    'account.api_tokens.create': { paramsTuple?: []; params?: {} }
    'account.ssh_keys.create': { paramsTuple?: []; params?: {} }
    'api.v1.owner.me.show': { paramsTuple?: []; params?: {} }
    'api.v1.owner.invitations.index': { paramsTuple?: []; params?: {} }
    'api.v1.owner.notifications.show': { paramsTuple?: []; params?: {} }
    'api.v1.owner.organizations.index': { paramsTuple?: []; params?: {} }
    'api.v1.owner.sessions.index': { paramsTuple?: []; params?: {} }
    'api.v1.owner.ssh_keys.index': { paramsTuple?: []; params?: {} }
    'api.v1.owner.tokens.index': { paramsTuple?: []; params?: {} }
    'api.v1.organization.show': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.clusters': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.images': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.plans': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.quotas.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.members.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.invitations.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.notifications.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.billing_keys.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.activity.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.operations.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.operations.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'api.v1.batches.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.batches.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'api.v1.batches.items': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'batch_id': ParamValue} }
    'api.v1.transfers.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.transfers.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'api.v1.backups.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.backups.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'api.v1.instances.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.instances.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'api.v1.webhooks.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.webhooks.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'api.v1.deliveries.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'webhook_id': ParamValue} }
    'api.v1.deliveries.show': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'webhook_id': ParamValue,'id': ParamValue} }
    'api.v1.instances.backup_schedules.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.backups.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.consoles.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.images.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.plans.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.interfaces.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.networks.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.port_forwards.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.port_pools.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.rescues.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.snapshot_schedules.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.snapshots.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.ssh_keys.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.suspensions.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.tasks.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.tasks.show': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue,'id': ParamValue} }
    'api.v1.instances.traffic.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.transfers.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.usage.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.downloads.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'api.v1.instances.console.sockets.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.docs': { paramsTuple?: []; params?: {} }
    'api.docs.openapi': { paramsTuple?: []; params?: {} }
    'api.os.servers.index': { paramsTuple?: []; params?: {} }
    'organizations.index': { paramsTuple?: []; params?: {} }
    'organizations.create': { paramsTuple?: []; params?: {} }
    'settings.edit': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'quotas.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'activity.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'activity.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'notifications.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'webhooks.deliveries': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'webhook_id': ParamValue,'id': ParamValue} }
    'webhooks.create': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'webhooks.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'members.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'billing_keys.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'billing_keys.create': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'invitations.show': { paramsTuple: [ParamValue]; params: {'token': ParamValue} }
    'kits.show': { paramsTuple: [ParamValue]; params: {'file': ParamValue} }
    'licensing.licenses.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'licensing.licenses.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'licensing.documents.show': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'license_id': ParamValue,'id': ParamValue} }
    'licensing.exchanges.show': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'license_id': ParamValue,'document_id': ParamValue} }
    'admin.licensing.licensed_products.index': { paramsTuple?: []; params?: {} }
    'admin.licensing.licensed_products.create': { paramsTuple?: []; params?: {} }
    'admin.licensing.licensed_products.edit': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.licensing.imports.create': { paramsTuple?: []; params?: {} }
    'admin.licensing.licenses.index': { paramsTuple?: []; params?: {} }
    'admin.licensing.licenses.create': { paramsTuple?: []; params?: {} }
    'admin.licensing.licenses.show': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.licensing.license_ledger.index': { paramsTuple?: []; params?: {} }
    'admin.licensing.signing_keys.index': { paramsTuple?: []; params?: {} }
    'admin.licensing.keys.signing_keys.create': { paramsTuple?: []; params?: {} }
    'api.licensing.documents.show': { paramsTuple?: []; params?: {} }
    'classic_licensing.users.index': { paramsTuple?: []; params?: {} }
    'classic_licensing.instances.index': { paramsTuple?: []; params?: {} }
    'classic_licensing.file': { paramsTuple: [ParamValue]; params: {'file': ParamValue} }
    'overview': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'searches.show': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'exports': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'list': ParamValue} }
    'instances.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'instances.create': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'instance.instances.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'instance.instances.port_forwards.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.instances.deletions.create': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.snapshots.snapshots.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.snapshots.deletions.create': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue,'id': ParamValue} }
    'instance.snapshots.restorations.create': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue,'id': ParamValue} }
    'instance.consoles.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.sockets.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.access.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.rescues.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.disks.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.history.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.tasks.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.tasks.show': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue,'id': ParamValue} }
    'instance.usage.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.usage.points': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.interfaces.interfaces.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.interfaces.deletions.create': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue,'id': ParamValue} }
    'instance.deletions.create': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.backups.backups.index': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.backups.restorations.create': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue,'id': ParamValue} }
    'instance.backups.deletions.create': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue,'id': ParamValue} }
    'instance.backups.downloads.show': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue,'id': ParamValue} }
    'instance.plans.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.transfers.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.reinstallations.create': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.settings.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'batches.deletions.deletions.create': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'batches.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'batches.create': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'batches.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'transfers.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'backups.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'events': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'operations.events': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'operation_id': ParamValue} }
    'operations.index': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'operations.show': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'admin.instance.instances.show': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.instance.instances.port_forwards.index': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.instances.deletions.create': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.snapshots.snapshots.index': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.snapshots.deletions.create': { paramsTuple: [ParamValue,ParamValue]; params: {'instance_id': ParamValue,'id': ParamValue} }
    'admin.instance.snapshots.restorations.create': { paramsTuple: [ParamValue,ParamValue]; params: {'instance_id': ParamValue,'id': ParamValue} }
    'admin.instance.consoles.show': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.sockets.show': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.access.show': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.rescues.show': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.disks.index': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.history.show': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.tasks.index': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.tasks.show': { paramsTuple: [ParamValue,ParamValue]; params: {'instance_id': ParamValue,'id': ParamValue} }
    'admin.instance.usage.show': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.usage.points': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.interfaces.interfaces.index': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.interfaces.deletions.create': { paramsTuple: [ParamValue,ParamValue]; params: {'instance_id': ParamValue,'id': ParamValue} }
    'admin.instance.deletions.create': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.backups.backups.index': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.backups.restorations.create': { paramsTuple: [ParamValue,ParamValue]; params: {'instance_id': ParamValue,'id': ParamValue} }
    'admin.instance.backups.deletions.create': { paramsTuple: [ParamValue,ParamValue]; params: {'instance_id': ParamValue,'id': ParamValue} }
    'admin.instance.backups.downloads.show': { paramsTuple: [ParamValue,ParamValue]; params: {'instance_id': ParamValue,'id': ParamValue} }
    'admin.instance.plans.show': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.transfers.show': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.reinstallations.create': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.settings.show': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.moves.create': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.backups.index': { paramsTuple?: []; params?: {} }
    'admin.deletions.create': { paramsTuple: [ParamValue]; params: {'backup_id': ParamValue} }
    'admin.batches.deletions.deletions.create': { paramsTuple?: []; params?: {} }
    'admin.batches.index': { paramsTuple?: []; params?: {} }
    'admin.batches.create': { paramsTuple?: []; params?: {} }
    'admin.batches.show': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'visits.console': { paramsTuple?: []; params?: {} }
    'visits.ended': { paramsTuple?: []; params?: {} }
    'visits.show': { paramsTuple: [ParamValue]; params: {'token': ParamValue} }
    'visit.instance': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.instances.port_forwards.index': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.instances.deletions.create': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.snapshots.snapshots.index': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.snapshots.deletions.create': { paramsTuple: [ParamValue,ParamValue]; params: {'instance_id': ParamValue,'id': ParamValue} }
    'visit.snapshots.restorations.create': { paramsTuple: [ParamValue,ParamValue]; params: {'instance_id': ParamValue,'id': ParamValue} }
    'visit.consoles.show': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.sockets.show': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.access.show': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.rescues.show': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.disks.index': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.history.show': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.tasks.index': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.tasks.show': { paramsTuple: [ParamValue,ParamValue]; params: {'instance_id': ParamValue,'id': ParamValue} }
    'visit.usage.show': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.usage.points': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.operation': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'visit.operation.events': { paramsTuple: [ParamValue]; params: {'operation_id': ParamValue} }
  }
  POST: {
    'preferences.store': { paramsTuple?: []; params?: {} }
    'billing.create': { paramsTuple?: []; params?: {} }
    'billing.password': { paramsTuple?: []; params?: {} }
    'billing.reinstall': { paramsTuple?: []; params?: {} }
    'billing.addport': { paramsTuple?: []; params?: {} }
    'billing.delport': { paramsTuple?: []; params?: {} }
    'billing.traffic.reset': { paramsTuple?: []; params?: {} }
    'billing.console.create_token': { paramsTuple?: []; params?: {} }
    'billing.proxy.lists': { paramsTuple?: []; params?: {} }
    'billing.ipv4.add': { paramsTuple?: []; params?: {} }
    'billing.ipv4.delete': { paramsTuple?: []; params?: {} }
    'billing.ipv6.add': { paramsTuple?: []; params?: {} }
    'billing.ipv6.delete': { paramsTuple?: []; params?: {} }
    'billing.proxy.add': { paramsTuple?: []; params?: {} }
    'billing.proxy.delete': { paramsTuple?: []; params?: {} }
    'billing.sso': { paramsTuple?: []; params?: {} }
    'billing.resize': { paramsTuple?: []; params?: {} }
    'billing.snapshots.take': { paramsTuple?: []; params?: {} }
    'billing.snapshots.restore': { paramsTuple?: []; params?: {} }
    'billing.snapshots.delete': { paramsTuple?: []; params?: {} }
    'admin.users.store': { paramsTuple?: []; params?: {} }
    'admin.password_resets.store': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.disablements.store': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.clusters.store': { paramsTuple?: []; params?: {} }
    'admin.clusters.connection_tests.store': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.clusters.closures.store': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.clusters.syncs.store': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.clusters.drift_rounds.store': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.clusters.move_ins.store': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.clusters.examinations.store': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.nodes.closures.store': { paramsTuple: [ParamValue]; params: {'node_id': ParamValue} }
    'admin.offers.store': { paramsTuple: [ParamValue]; params: {'image_id': ParamValue} }
    'admin.plans.store': { paramsTuple?: []; params?: {} }
    'admin.archives.store': { paramsTuple: [ParamValue]; params: {'plan_id': ParamValue} }
    'admin.address_pools.store': { paramsTuple?: []; params?: {} }
    'admin.address_pools.closures.store': { paramsTuple: [ParamValue]; params: {'address_pool_id': ParamValue} }
    'admin.address_pools.imports.store': { paramsTuple: [ParamValue]; params: {'address_pool_id': ParamValue} }
    'admin.port_pools.store': { paramsTuple?: []; params?: {} }
    'admin.port_pools.closures.store': { paramsTuple: [ParamValue]; params: {'port_pool_id': ParamValue} }
    'admin.port_pools.imports.store': { paramsTuple: [ParamValue]; params: {'port_pool_id': ParamValue} }
    'admin.checks.store': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.trusts.store': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.drift.adoptions.store': { paramsTuple: [ParamValue]; params: {'finding_id': ParamValue} }
    'admin.drift.repairs.store': { paramsTuple: [ParamValue]; params: {'finding_id': ParamValue} }
    'admin.drift.forgettings.store': { paramsTuple: [ParamValue]; params: {'finding_id': ParamValue} }
    'admin.drift.recreations.store': { paramsTuple: [ParamValue]; params: {'finding_id': ParamValue} }
    'admin.cancellations.store': { paramsTuple: [ParamValue]; params: {'operation_id': ParamValue} }
    'admin.operations.retry': { paramsTuple: [ParamValue]; params: {'operation_id': ParamValue} }
    'admin.resumptions.store': { paramsTuple: [ParamValue]; params: {'operation_id': ParamValue} }
    'admin.abandonments.store': { paramsTuple: [ParamValue]; params: {'operation_id': ParamValue} }
    'admin.jobs.retry': { paramsTuple: [ParamValue,ParamValue]; params: {'queue': ParamValue,'id': ParamValue} }
    'sign_ups.store': { paramsTuple?: []; params?: {} }
    'sessions.store': { paramsTuple?: []; params?: {} }
    'sign_in.passkeys': { paramsTuple?: []; params?: {} }
    'password_resets.store': { paramsTuple?: []; params?: {} }
    'first_administrators.store': { paramsTuple: [ParamValue]; params: {'token': ParamValue} }
    'second_factors.store': { paramsTuple?: []; params?: {} }
    'passkey_challenges.store': { paramsTuple?: []; params?: {} }
    'email_verifications.store': { paramsTuple?: []; params?: {} }
    'email_verifications.update': { paramsTuple: [ParamValue]; params: {'token': ParamValue} }
    'email_confirmations.update': { paramsTuple: [ParamValue]; params: {'token': ParamValue} }
    'password_resets.update': { paramsTuple: [ParamValue]; params: {'token': ParamValue} }
    'sessions.destroy': { paramsTuple?: []; params?: {} }
    'account.confirmations.store': { paramsTuple?: []; params?: {} }
    'account.email_changes.store': { paramsTuple?: []; params?: {} }
    'account.authenticators.store': { paramsTuple?: []; params?: {} }
    'account.passkeys.store': { paramsTuple?: []; params?: {} }
    'account.recovery_codes.store': { paramsTuple?: []; params?: {} }
    'account.api_tokens.store': { paramsTuple?: []; params?: {} }
    'account.ssh_keys.store': { paramsTuple?: []; params?: {} }
    'api.v1.owner.ssh_keys.store': { paramsTuple?: []; params?: {} }
    'api.v1.owner.organizations.store': { paramsTuple?: []; params?: {} }
    'api.v1.owner.acceptances.store': { paramsTuple: [ParamValue]; params: {'invitation_id': ParamValue} }
    'api.v1.power_states.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.rescues.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.port_forwards.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.snapshots.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.restorations.store': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue,'snapshot_id': ParamValue} }
    'api.v1.instances.snapshot_schedules.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.backups.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.backup_schedules.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.password_resets.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.root_passwords.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.ssh_keys.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.console.tickets.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.store': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.instances.reinstallations.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.interfaces.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.transfers.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.restorations.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'backup_id': ParamValue} }
    'api.v1.cancellations.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'operation_id': ParamValue} }
    'api.v1.retries.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'operation_id': ParamValue} }
    'api.v1.transfers.acceptance': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'transfer_id': ParamValue} }
    'api.v1.batches.store': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.batches.cancellation': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'batch_id': ParamValue} }
    'api.v1.batches.retries': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'batch_id': ParamValue} }
    'api.v1.instances.suspensions.suspensions.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.webhooks.store': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.webhooks.rotations.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'webhook_id': ParamValue} }
    'api.v1.webhooks.pings.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'webhook_id': ParamValue} }
    'api.v1.webhooks.redeliveries.store_failed': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'webhook_id': ParamValue} }
    'api.v1.webhooks.redeliveries.store': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'webhook_id': ParamValue,'delivery_id': ParamValue} }
    'api.v1.invitations.store': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.deliveries.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'invitation_id': ParamValue} }
    'api.auth.registrations.store': { paramsTuple?: []; params?: {} }
    'api.auth.logins.store': { paramsTuple?: []; params?: {} }
    'api.os.actions.store': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'organizations.store': { paramsTuple?: []; params?: {} }
    'webhooks.pings': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'webhook_id': ParamValue} }
    'webhooks.failed_redeliveries': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'webhook_id': ParamValue} }
    'webhooks.redeliveries': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'webhook_id': ParamValue,'delivery_id': ParamValue} }
    'webhooks.store': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'webhooks.rotations': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'webhook_id': ParamValue} }
    'invitations.store': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'invitation_deliveries.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'billing_keys.store': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'billing_key_rotations.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'acceptances.store': { paramsTuple: [ParamValue]; params: {'token': ParamValue} }
    'licensing.host_infos.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'license_id': ParamValue} }
    'licensing.documents.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'license_id': ParamValue} }
    'licensing.tokens.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'license_id': ParamValue} }
    'admin.licensing.licensed_products.store': { paramsTuple?: []; params?: {} }
    'admin.licensing.archives.store': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.licensing.imports.store': { paramsTuple?: []; params?: {} }
    'admin.licensing.licenses.store': { paramsTuple?: []; params?: {} }
    'admin.licensing.licenses.suspensions.store': { paramsTuple: [ParamValue]; params: {'license_id': ParamValue} }
    'admin.licensing.licenses.renewals.store': { paramsTuple: [ParamValue]; params: {'license_id': ParamValue} }
    'admin.licensing.licenses.reopenings.store': { paramsTuple: [ParamValue]; params: {'license_id': ParamValue} }
    'admin.licensing.approvals.store': { paramsTuple: [ParamValue]; params: {'upload_id': ParamValue} }
    'admin.licensing.revocations.store': { paramsTuple: [ParamValue]; params: {'license_id': ParamValue} }
    'admin.licensing.keys.signing_keys.store': { paramsTuple?: []; params?: {} }
    'admin.licensing.keys.requests.store': { paramsTuple: [ParamValue]; params: {'key_id': ParamValue} }
    'admin.licensing.keys.approvals.store': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.licensing.keys.exports.store': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'api.licensing.validations.store': { paramsTuple?: []; params?: {} }
    'api.licensing.activations.store': { paramsTuple?: []; params?: {} }
    'api.licensing.heartbeats.store': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'api.licensing.host_infos.store': { paramsTuple?: []; params?: {} }
    'classic_licensing.users.store': { paramsTuple?: []; params?: {} }
    'classic_licensing.users.update': { paramsTuple?: []; params?: {} }
    'classic_licensing.user_statuses.update': { paramsTuple?: []; params?: {} }
    'classic_licensing.instances.store': { paramsTuple?: []; params?: {} }
    'classic_licensing.host_infos.store': { paramsTuple?: []; params?: {} }
    'classic_licensing.documents.store': { paramsTuple?: []; params?: {} }
    'instances.store': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'instance.instances.port_forwards.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.snapshots.snapshots.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.snapshots.restorations.store': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue,'id': ParamValue} }
    'instance.snapshots.snapshot_schedules.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.tickets.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.password_resets.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.rescues.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.ssh_keys.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.power_states.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.root_passwords.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.interfaces.interfaces.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.backups.backups.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.backups.restorations.store': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue,'id': ParamValue} }
    'instance.backups.backup_schedules.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.reinstallations.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.transfers.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'batches.deletions.deletions.store': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'batches.store': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'batches.cancellation': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'batch_id': ParamValue} }
    'batches.retries': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'batch_id': ParamValue} }
    'transfers.acceptance': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'transfer_id': ParamValue} }
    'cancellations.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'operation_id': ParamValue} }
    'retries.store': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'operation_id': ParamValue} }
    'admin.instance.instances.port_forwards.store': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.snapshots.snapshots.store': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.snapshots.restorations.store': { paramsTuple: [ParamValue,ParamValue]; params: {'instance_id': ParamValue,'id': ParamValue} }
    'admin.instance.snapshots.snapshot_schedules.store': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.tickets.store': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.password_resets.store': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.rescues.store': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.ssh_keys.store': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.power_states.store': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.root_passwords.store': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.interfaces.interfaces.store': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.backups.backups.store': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.backups.restorations.store': { paramsTuple: [ParamValue,ParamValue]; params: {'instance_id': ParamValue,'id': ParamValue} }
    'admin.instance.backups.backup_schedules.store': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.reinstallations.store': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.transfers.store': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.traffic_resets.store': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.moves.store': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.suspensions.store': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.batches.deletions.deletions.store': { paramsTuple?: []; params?: {} }
    'admin.batches.store': { paramsTuple?: []; params?: {} }
    'admin.batches.cancellation': { paramsTuple: [ParamValue]; params: {'batch_id': ParamValue} }
    'admin.batches.retries': { paramsTuple: [ParamValue]; params: {'batch_id': ParamValue} }
    'visits.store': { paramsTuple: [ParamValue]; params: {'token': ParamValue} }
    'visit.instances.port_forwards.store': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.snapshots.snapshots.store': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.snapshots.restorations.store': { paramsTuple: [ParamValue,ParamValue]; params: {'instance_id': ParamValue,'id': ParamValue} }
    'visit.snapshots.snapshot_schedules.store': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.tickets.store': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.password_resets.store': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.rescues.store': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.ssh_keys.store': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.power_states.store': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.root_passwords.store': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
  }
  PUT: {
    'admin.quotas.update': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.users.update': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.staff_roles.update': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.clusters.update': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.clusters.placements.update': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.clusters.network_purposes.update': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.images.update': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.plans.update': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.address_pools.update': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.port_pools.update': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.identities.update': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.credentials.update': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.clusters.console_accounts.update': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.forwarders.update': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'account.profiles.update': { paramsTuple?: []; params?: {} }
    'account.notifications.update': { paramsTuple?: []; params?: {} }
    'account.passwords.update': { paramsTuple?: []; params?: {} }
    'api.v1.owner.profiles.update': { paramsTuple?: []; params?: {} }
    'api.v1.owner.notifications.update': { paramsTuple?: []; params?: {} }
    'api.v1.instances.names.update': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.instances.plans.update': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.webhooks.update': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'api.v1.organization.update': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.members.update': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'api.v1.notifications.update': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'settings.update': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'notifications.update': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'webhooks.update': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'members.update': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'admin.licensing.licensed_products.update': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.licensing.licenses.update': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'classic_licensing.users.update': { paramsTuple?: []; params?: {} }
    'classic_licensing.user_statuses.update': { paramsTuple?: []; params?: {} }
    'classic_licensing.instances.update': { paramsTuple?: []; params?: {} }
    'instance.names.update': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.plans.update': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'admin.instance.names.update': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.plans.update': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
  }
  PATCH: {
    'admin.users.update': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'members.update': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'admin.licensing.licensed_products.update': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.licensing.licenses.update': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
  }
  DELETE: {
    'admin.users.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.sessions.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.disablements.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.clusters.closures.destroy': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.nodes.closures.destroy': { paramsTuple: [ParamValue]; params: {'node_id': ParamValue} }
    'admin.offers.destroy': { paramsTuple: [ParamValue]; params: {'image_id': ParamValue} }
    'admin.archives.destroy': { paramsTuple: [ParamValue]; params: {'plan_id': ParamValue} }
    'admin.address_pools.closures.destroy': { paramsTuple: [ParamValue]; params: {'address_pool_id': ParamValue} }
    'admin.port_pools.closures.destroy': { paramsTuple: [ParamValue]; params: {'port_pool_id': ParamValue} }
    'admin.clusters.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.clusters.console_accounts.destroy': { paramsTuple: [ParamValue]; params: {'cluster_id': ParamValue} }
    'admin.port_pools.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.plans.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.address_pools.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.drift.forgettings.destroy': { paramsTuple: [ParamValue]; params: {'finding_id': ParamValue} }
    'admin.drift.removals.destroy': { paramsTuple: [ParamValue]; params: {'finding_id': ParamValue} }
    'admin.jobs.destroy': { paramsTuple: [ParamValue,ParamValue]; params: {'queue': ParamValue,'id': ParamValue} }
    'account.sessions.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'account.other_sessions.destroy': { paramsTuple?: []; params?: {} }
    'account.email_changes.destroy': { paramsTuple?: []; params?: {} }
    'account.api_tokens.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'account.ssh_keys.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'account.authenticators.destroy': { paramsTuple?: []; params?: {} }
    'account.passkeys.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'api.v1.owner.ssh_keys.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'api.v1.owner.sessions.destroy_all': { paramsTuple?: []; params?: {} }
    'api.v1.owner.sessions.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'api.v1.owner.tokens.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'api.v1.port_forwards.destroy': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue,'id': ParamValue} }
    'api.v1.instances.snapshots.destroy': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue,'id': ParamValue} }
    'api.v1.instances.snapshot_schedules.destroy': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue,'id': ParamValue} }
    'api.v1.instances.backup_schedules.destroy': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue,'id': ParamValue} }
    'api.v1.backups.destroy': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'api.v1.instances.ssh_keys.destroy': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue,'id': ParamValue} }
    'api.v1.instances.destroy': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'api.v1.instances.interfaces.destroy': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue,'id': ParamValue} }
    'api.v1.instances.transfers.destroy': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'api.v1.transfers.destroy': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'api.v1.instances.suspensions.suspensions.destroy': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue,'reason': ParamValue} }
    'api.v1.webhooks.destroy': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'api.v1.organization.destroy': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.members.destroy': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'api.v1.own_membership.destroy': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'api.v1.invitations.destroy': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'api.v1.billing_keys.destroy': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'organizations.destroy': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'webhooks.destroy': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'own_membership.destroy': { paramsTuple: [ParamValue]; params: {'organization': ParamValue} }
    'members.destroy': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'invitations.destroy': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'billing_keys.destroy': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'licensing.tokens.destroy': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'license_id': ParamValue} }
    'admin.licensing.archives.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.licensing.licenses.suspensions.destroy': { paramsTuple: [ParamValue]; params: {'license_id': ParamValue} }
    'admin.licensing.approvals.destroy': { paramsTuple: [ParamValue]; params: {'upload_id': ParamValue} }
    'admin.licensing.licenses.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.licensing.keys.requests.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'api.licensing.activations.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'classic_licensing.users.destroy': { paramsTuple?: []; params?: {} }
    'classic_licensing.instances.destroy': { paramsTuple?: []; params?: {} }
    'instance.instances.port_forwards.destroy': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.snapshots.snapshots.destroy': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue,'id': ParamValue} }
    'instance.snapshots.snapshot_schedules.destroy': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue,'id': ParamValue} }
    'instance.ssh_keys.destroy': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'instance.interfaces.interfaces.destroy': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue,'id': ParamValue} }
    'instance.instances.destroy': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'instance.backups.backups.destroy': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue,'id': ParamValue} }
    'instance.backups.backup_schedules.destroy': { paramsTuple: [ParamValue,ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue,'id': ParamValue} }
    'instance.transfers.destroy': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'instance_id': ParamValue} }
    'transfers.destroy': { paramsTuple: [ParamValue,ParamValue]; params: {'organization': ParamValue,'id': ParamValue} }
    'admin.instance.instances.port_forwards.destroy': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.snapshots.snapshots.destroy': { paramsTuple: [ParamValue,ParamValue]; params: {'instance_id': ParamValue,'id': ParamValue} }
    'admin.instance.snapshots.snapshot_schedules.destroy': { paramsTuple: [ParamValue,ParamValue]; params: {'instance_id': ParamValue,'id': ParamValue} }
    'admin.instance.ssh_keys.destroy': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.interfaces.interfaces.destroy': { paramsTuple: [ParamValue,ParamValue]; params: {'instance_id': ParamValue,'id': ParamValue} }
    'admin.instance.instances.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'admin.instance.backups.backups.destroy': { paramsTuple: [ParamValue,ParamValue]; params: {'instance_id': ParamValue,'id': ParamValue} }
    'admin.instance.backups.backup_schedules.destroy': { paramsTuple: [ParamValue,ParamValue]; params: {'instance_id': ParamValue,'id': ParamValue} }
    'admin.instance.transfers.destroy': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'admin.instance.suspensions.destroy': { paramsTuple: [ParamValue,ParamValue]; params: {'instance_id': ParamValue,'reason': ParamValue} }
    'admin.backups.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'visit.destroy': { paramsTuple?: []; params?: {} }
    'visit.instances.port_forwards.destroy': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
    'visit.snapshots.snapshots.destroy': { paramsTuple: [ParamValue,ParamValue]; params: {'instance_id': ParamValue,'id': ParamValue} }
    'visit.snapshots.snapshot_schedules.destroy': { paramsTuple: [ParamValue,ParamValue]; params: {'instance_id': ParamValue,'id': ParamValue} }
    'visit.ssh_keys.destroy': { paramsTuple: [ParamValue]; params: {'instance_id': ParamValue} }
  }
}
declare module '@adonisjs/core/types/http' {
  export interface RoutesList extends ScannedRoutes {}
}