import type { HttpContext } from '@adonisjs/core/http'
import { appUrl } from '#config/app'
import Cluster from '#models/cluster'
import ClusterForwarder from '#models/cluster_forwarder'
import StaffPolicy from '#policies/staff_policy'
import { makeSshKeyPair, sshPublicKeyOf } from '#services/ssh_key_pair'
import { forwarderPage } from '#transformers/port_pool'
import { forwarderValidator } from '#validators/cluster_forwarder'

type Choice = Awaited<ReturnType<typeof forwarderValidator.validate>>

/** How a cluster carries port forwards, and how its firewall is reached. The private key never comes out again. */
export default class ForwardersController {
  async edit({ bouncer, params, view }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const forwarder = await ClusterForwarder.of(await Cluster.presentAs(params.cluster_id))
    return view.render('pages/admin/clusters/forwarder', { forwarder: forwarderPage(forwarder) })
  }

  async update({ bouncer, params, request, response, session, i18n }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const forwarder = await ClusterForwarder.of(await Cluster.presentAs(params.cluster_id))
    const meta = { kinds: forwarder.kinds }
    const choice = await request.validateUsing(forwarderValidator, { meta })
    const { path } = forwarderPage(forwarder)
    const isRemote = choice.kind === 'iptables' && choice.place === 'ssh'
    const isRouter = choice.kind === 'ikuai'
    if (isRemote && !choice.sshHostKey) {
      // First contact: what the machine shows is compared by a person before anything is kept.
      const shown = await ClusterForwarder.identify(choice.sshHost!, choice.sshPort ?? 22)
      session.flashExcept(['_csrf', '_method', 'private_key', 'ssh_host_key'])
      session.flash('ssh_host_key', shown.hostKey ?? '')
      session.flash('first_contact', shown)
      return response.redirect().toPath(path)
    }
    if (isRouter && !choice.routerFingerprint && isEncrypted(choice.routerEndpoint!)) {
      const shown = await ClusterForwarder.identifyRouter(choice.routerEndpoint!)
      session.flashExcept(['_csrf', '_method', 'router_secret', 'router_fingerprint'])
      session.flash('router_fingerprint', shown.fingerprint ?? '')
      session.flash('router_contact', shown)
      return response.redirect().toPath(path)
    }
    await forwarder.choose(choiceOf(choice, isRemote))
    if (isRemote) await keepKey(forwarder, choice.privateKey ?? null)
    if (isRouter && choice.routerSecret) await forwarder.keepRouterSecret(choice.routerSecret)
    await forwarder.check()
    session.flash('notice', { kind: 'success', message: i18n.t('forwarders.saved') })
    return response.redirect().toPath(path)
  }
}

function choiceOf(choice: Choice, isRemote: boolean) {
  const isFirewall = choice.kind === 'iptables'
  const isRouter = choice.kind === 'ikuai'
  return {
    kind: choice.kind as ClusterForwarder['kind'],
    publicAddress: choice.publicAddress,
    listenInterface: isFirewall || isRouter ? (choice.listenInterface ?? null) : null,
    masquerade: isFirewall && choice.masquerade === true,
    ssh: isRemote
      ? {
          host: choice.sshHost!,
          port: choice.sshPort ?? 22,
          user: choice.sshUser ?? 'root',
          hostKey: choice.sshHostKey!,
        }
      : null,
    router: isRouter
      ? {
          endpoint: new URL(choice.routerEndpoint!).origin,
          username: choice.routerUser ?? null,
          tlsFingerprint: isEncrypted(choice.routerEndpoint!)
            ? (choice.routerFingerprint ?? null)
            : null,
        }
      : null,
  }
}

function isEncrypted(endpoint: string): boolean {
  return new URL(endpoint).protocol === 'https:'
}

/** A key that was pasted; else one is made, unless there is one. */
async function keepKey(forwarder: ClusterForwarder, pasted: string | null): Promise<void> {
  const comment = `portico@${new URL(appUrl).hostname}`
  if (pasted) {
    const publicKey = sshPublicKeyOf(pasted, comment)
    await forwarder.keepKeyPair({ privateKey: pasted, publicKey })
  } else if (!forwarder.sshPublicKey) {
    await forwarder.keepKeyPair(makeSshKeyPair(comment))
  }
}
