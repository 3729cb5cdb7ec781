import type { DiagnosisApi } from '#drivers/contract'
import { list, record, text } from '#drivers/json'
import { at, type ProxmoxClient } from '#drivers/proxmox/client'
import type { ProxmoxGuests } from '#drivers/proxmox/guests'
import type { ProxmoxTasks } from '#drivers/proxmox/tasks'

const TOLD_LINES = 40
/** Where a node keeps things is nobody's business. */
const OWN_PATH = /\/(?:var|run|usr|etc|rpool|dev)\/[^\s"']+/g

/** The log of the last start, when that start failed. */
export class ProxmoxDiagnosis implements DiagnosisApi {
  constructor(
    private readonly client: ProxmoxClient,
    private readonly guests: ProxmoxGuests,
    private readonly tasks: ProxmoxTasks
  ) {}

  async startLog(ref: string): Promise<string[]> {
    const { node } = await this.guests.readOrFail(ref)
    const { data } = await this.client.get(at('nodes', node, 'tasks'), {
      vmid: ref,
      typefilter: 'vzstart',
      source: 'all',
      limit: 1,
    })
    const { upid, status, endtime } = record(list(data)[0])
    const ended = text(status)
    const id = text(upid)
    if (!id || !endtime || ended === null || ended === 'OK' || ended.startsWith('WARNINGS'))
      return []
    const lines = await this.tasks.logOf(id, 500)
    return lines
      .map((line) => line.replaceAll(OWN_PATH, '…').trim())
      .filter((line) => line !== '')
      .slice(-TOLD_LINES)
  }
}
