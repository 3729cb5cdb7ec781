import { readFile, writeFile } from 'node:fs/promises'
import { args, BaseCommand, flags } from '@adonisjs/core/ace'
import logger from '@adonisjs/core/services/logger'
import type { CommandOptions } from '@adonisjs/core/types/ace'
import { appUrl } from '#config/app'
import { TrustRefused } from '#exceptions/domain_error'
import Cluster, { type ClusterAccess } from '#models/cluster'
import {
  keyPairProblem,
  makeClientCertificate,
  type ClientKeyPair,
} from '#services/client_certificate'
import { clusterSummary } from '#transformers/cluster'

const EXAMPLE = `Without --fingerprint it shows the one the server shows, asks whether it is the right one, and sends nothing
  before the answer:

  {{ binaryName }} cluster:add bj1 https://10.0.0.5:8443
  {{ binaryName }} cluster:add bj1 https://10.0.0.5:8443 --fingerprint=ab12… --cert=client.crt --key=client.key

  A cluster of Proxmox VE is known by its account, whose secret is read from a file:

  {{ binaryName }} cluster:add bj2 https://10.0.0.6:8006 --token-id=portico@pve!portal --trust-file=token.txt`

/** A refusal that is told in one line, without a stack. */
class Refusal extends Error {
  override name = 'Refusal'
}

export default class ClusterAdd extends BaseCommand {
  static override commandName = 'cluster:add'
  static override description = 'Add a cluster of LXD or Proxmox VE, by the same steps as the page'
  static override help = EXAMPLE
  static override options: CommandOptions = { startApp: true }

  @args.string({ description: 'What staff call it' })
  declare name: string

  @args.string({ description: 'Where it listens, e.g. https://10.0.0.5:8443' })
  declare url: string

  @flags.string({ description: 'SHA-256 of the certificate it must show, 64 hex digits' })
  declare fingerprint?: string

  @flags.string({ description: 'File of a client certificate it trusts, PEM; else one is made' })
  declare cert?: string

  @flags.string({ description: 'File of its private key, PEM' })
  declare key?: string

  @flags.string({ description: 'API token of Proxmox VE, e.g. portico@pve!portal' })
  declare tokenId?: string

  @flags.string({ description: 'User of Proxmox VE with a password, e.g. portico@pve' })
  declare username?: string

  @flags.string({
    description:
      'File with a trust password or token, or the secret of the account; - is standard input',
  })
  declare trustFile?: string

  @flags.string({ description: 'Storage pool for root disks' })
  declare storagePool?: string

  @flags.string({ description: 'File to write the certificate to that Portico made' })
  declare writeCert?: string

  @flags.boolean({ description: 'Print the result as one line of JSON; nothing is asked' })
  declare json: boolean

  override async run() {
    // Whoever reads the one line wants no other.
    if (this.json) logger.level = 'silent'
    try {
      await this.add()
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      this.exitCode = 1
      if (this.json) this.logger.log(JSON.stringify({ error: error.message }))
      else this.logger.error(error.message)
    }
  }

  private async add(): Promise<void> {
    if (this.tokenId || this.username) return this.addProxmox()
    const facts = { driver: 'lxd' as const, ...(await this.facts('lxd')) }
    const pair = await this.keyPair()
    const fingerprint = await this.compared(new Cluster().merge(facts))
    const cluster = await Cluster.add(facts)
    await cluster.pin(fingerprint)
    await cluster.keepKeyPair(pair)
    if (this.writeCert) await this.write(pair.certificate)
    await this.askForTrust(cluster)
    await this.put(cluster)
  }

  private async addProxmox(): Promise<void> {
    const facts = { driver: 'proxmox' as const, ...(await this.facts('proxmox')) }
    const access = await this.access()
    const fingerprint = await this.compared(new Cluster().merge(facts))
    const cluster = await Cluster.add(facts)
    await cluster.pin(fingerprint)
    await cluster.keepAccess(access)
    await this.put(cluster)
  }

  private async access(): Promise<ClusterAccess> {
    const { accessOf, accessValidator } = await import('#validators/cluster')
    const secret = await this.secret()
    if (secret === null) throw new Refusal('the secret of the account is read from --trust-file')
    const [problems, access] = await accessValidator.tryValidate({
      by: this.tokenId ? 'token' : 'password',
      ...(this.tokenId
        ? { token_id: this.tokenId, token_secret: secret }
        : { username: this.username, password: secret }),
    })
    if (problems) throw new Refusal(told(problems))
    return accessOf(access)
  }

  private async facts(driver: 'lxd' | 'proxmox'): Promise<{ name: string; endpoint: string }> {
    // Ace reads every command before the framework has added its rules to the validator.
    const { createClusterValidator } = await import('#validators/cluster')
    const [problems, facts] = await createClusterValidator.tryValidate(
      { name: this.name, endpoint: this.url, driver },
      { meta: {} }
    )
    if (problems) throw new Refusal(told(problems))
    return facts
  }

  private async keyPair(): Promise<ClientKeyPair> {
    if (!this.cert && !this.key) return makeClientCertificate(new URL(appUrl).hostname)
    if (!this.cert || !this.key) throw new Refusal('--cert and --key belong together')
    const [certificate, privateKey] = await Promise.all([
      readFile(this.cert, 'utf8'),
      readFile(this.key, 'utf8'),
    ])
    const problem = keyPairProblem({ certificate, privateKey })
    if (problem) throw new Refusal(`--cert and --key: ${problem.replaceAll('_', ' ')}`)
    return { certificate, privateKey }
  }

  /** The fingerprint to pin: the one that was told, or the one that a person says is right. */
  private async compared(cluster: Cluster): Promise<string> {
    const { identity, failure } = await cluster.identify()
    if (!identity) throw new Refusal(failure ? failure.detail : 'it shows no certificate')
    const wanted = this.fingerprint?.replaceAll(/[^0-9a-f]/gi, '').toLowerCase()
    if (wanted && wanted !== identity.fingerprint) {
      throw new Refusal(`it shows certificate ${identity.fingerprint}, not ${wanted}`)
    }
    if (wanted) return wanted
    if (this.json) throw new Refusal(`it shows ${identity.fingerprint}: say --fingerprint`)
    this.logger.info(`${identity.subject}, valid until ${identity.validTo}`)
    this.logger.info(`SHA-256 fingerprint ${identity.fingerprint}`)
    const ask =
      cluster.driver === 'proxmox' ? 'pvenode cert info' : 'lxc info | grep certificate_fingerprint'
    this.logger.info(`on the server: ${ask}`)
    if (!(await this.prompt.confirm('Are they the same?'))) throw new Refusal('nothing was added')
    return identity.fingerprint
  }

  private async write(certificate: string): Promise<void> {
    await writeFile(this.writeCert!, certificate)
    this.tell(`on the server: lxc config trust add ${this.writeCert} --name portico`)
  }

  /** It is never an argument: those can be read by everybody on this machine. */
  private async secret(): Promise<string | null> {
    if (!this.trustFile) return null
    const secret = await readFile(this.trustFile === '-' ? '/dev/stdin' : this.trustFile, 'utf8')
    return secret.trim()
  }

  private async askForTrust(cluster: Cluster): Promise<void> {
    const secret = await this.secret()
    if (secret === null) return
    try {
      await cluster.trust(secret)
    } catch (error) {
      if (error instanceof TrustRefused) throw new Refusal(String(error.data.reason))
      throw error
    }
  }

  /** Tests and syncs it, and says what is still to be done. */
  private async put(cluster: Cluster): Promise<void> {
    const diagnosis = await cluster.testAsAsked()
    if (cluster.status === 'online') {
      await cluster.sync()
      const pools = await cluster.presentStoragePools()
      const wanted = this.storagePool ?? (pools.length === 1 ? pools[0]!.name : undefined)
      if (wanted && !pools.some(({ name }) => name === wanted)) {
        throw new Refusal(`it has no storage pool called ${wanted}`)
      }
      if (wanted) await cluster.change({ settings: { ...cluster.settings, storagePool: wanted } })
    }
    if (cluster.status !== 'online') this.exitCode = 1
    if (this.json) {
      const next = cluster.setupStep
      this.logger.log(JSON.stringify({ ...clusterSummary(cluster), diagnosis, next }))
    } else if (cluster.status !== 'online') {
      this.logger.warning(`added, but ${diagnosis}: ${cluster.error}`)
    } else {
      this.logger.success(`${cluster.name} is added and answers; open it on its page when ready`)
    }
  }

  private tell(line: string): void {
    if (!this.json) this.logger.info(line)
  }
}

function told(error: Error & { messages?: { message: string }[] }): string {
  return error.messages?.map(({ message }) => message).join('; ') ?? error.message
}
