import type { DiagnosisApi } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import { at, type LxdClient } from '#drivers/lxd/client'

const LARGEST_LOG = 1024 * 1024
const TOLD_LINES = 40

/** `lxc NAME 20261121171716.985 ERROR    conf - ../src/lxc/conf.c:mount_entry:2446 - what went wrong` */
const LINE = /\d{14}\.\d+ +(?:ERROR|FATAL|ALERT|CRIT) +(\S+) - \S+:\d+ - (.+)$/
/** Where LXD lives on the node is nobody's business. */
const OWN_PATH = /\/(?:var|run|usr\/lib)\/[^\s"']+/g

export class LxdDiagnosis implements DiagnosisApi {
  constructor(private readonly client: LxdClient) {}

  async startLog(ref: string): Promise<string[]> {
    if ((await this.client.find(at('instances', ref))) === null) {
      throw new DriverError('not_found', `there is no instance ${ref} on this cluster`)
    }
    const reply = await this.client.send('GET', at('instances', ref, 'logs', 'lxc.log'), {
      largestAnswer: LARGEST_LOG,
    })
    if (reply.status === 404) return []
    if (reply.status !== 200) throw this.client.refused(reply)
    const lines = reply.body.toString('utf8').split('\n').flatMap(told)
    return lines.slice(-TOLD_LINES)
  }
}

function told(line: string): string[] {
  const [, part, text] = LINE.exec(line) ?? []
  return part && text ? [`${part}: ${text.replaceAll(OWN_PATH, '…')}`] : []
}
