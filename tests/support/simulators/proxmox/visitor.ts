import https from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ProxmoxSimulator } from './simulator.js'

export type Answer = {
  status: number
  reason: string
  data: unknown
  errors: Record<string, string> | null
  total: number | null
}
export type Pass = { authorization?: string; cookie?: string; csrf?: string }
type Values = Record<string, string | number | boolean>

/** Calls the simulator as somebody with curl would: nothing of Portico's driver is in between. */
export class Visitor {
  constructor(
    readonly simulator: ProxmoxSimulator,
    private readonly pass: Pass = {
      authorization: `PVEAPIToken=${simulator.tokenId}=${simulator.token}`,
    }
  ) {}

  get(path: string): Promise<Answer> {
    return this.call('GET', path)
  }

  post(path: string, values: Values = {}): Promise<Answer> {
    return this.call('POST', path, form(values))
  }

  put(path: string, values: Values = {}): Promise<Answer> {
    return this.call('PUT', path, form(values))
  }

  delete(path: string): Promise<Answer> {
    return this.call('DELETE', path)
  }

  call(
    method: string,
    path: string,
    body = '',
    type = 'application/x-www-form-urlencoded'
  ): Promise<Answer> {
    const { authorization, cookie, csrf } = this.pass
    return new Promise((resolve, reject) => {
      const request = https.request(
        `${this.simulator.endpoint}/api2/json${path}`,
        {
          method,
          agent: false,
          rejectUnauthorized: false,
          headers: {
            ...(authorization && { authorization }),
            ...(cookie && { cookie }),
            ...(csrf && { csrfpreventiontoken: csrf }),
            ...(body && { 'content-type': type }),
          },
        },
        (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('end', () => {
            const text = Buffer.concat(chunks).toString('utf8')
            const { data = null, errors = null, total = null } = text ? JSON.parse(text) : {}
            const { statusCode, statusMessage } = response
            resolve({ status: statusCode!, reason: statusMessage!, data, errors, total })
          })
        }
      )
      request.on('error', reject)
      request.end(body)
    })
  }

  /** How a task ended. */
  async end(upid: unknown): Promise<string> {
    const node = String(upid).split(':')[1]
    for (;;) {
      const { status, reason, data } = await this.get(
        `/nodes/${node}/tasks/${encodeURIComponent(String(upid))}/status`
      )
      if (status !== 200) return reason
      const task = data as { status: string; exitstatus?: string }
      if (task.status === 'stopped') return task.exitstatus!
      await sleep(10)
    }
  }

  /** Asks for it and waits for its end; a refusal is its text. */
  async done(answer: Promise<Answer>): Promise<string> {
    const { status, reason, data } = await answer
    return status === 200 ? this.end(data) : reason
  }
}

function form(values: Values): string {
  const words = Object.entries(values).map(([key, value]): [string, string] => [key, String(value)])
  return new URLSearchParams(words).toString()
}
