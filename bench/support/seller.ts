import type { Portal } from './portal.js'

export type Told = { code: number; msg: string; data: unknown }

/** Numbers as text, as the first generation of the plugin sends them. */
export function orderOf(hostname: string, image: string) {
  return {
    hostname,
    password: 'bench-Passw0rd',
    cpu: '1',
    disk: '1024',
    ram: '128',
    system: image,
    up: '50',
    down: '50',
    ports: 0,
    bandwidth: 0,
  }
}

/** A billing system with its key, which asks again for as long as it is told that the work goes on. */
export class Seller {
  constructor(
    private readonly portal: Portal,
    private readonly apikey: string
  ) {}

  async ask(method: 'GET' | 'POST', path: string, json?: object): Promise<Told> {
    const { status, body } = await this.portal.call(method, path, { apikey: this.apikey }, json)
    if (status !== 200) return { code: status, msg: body, data: null }
    return JSON.parse(body) as Told
  }

  async create(order: object): Promise<Told> {
    for (;;) {
      const told = await this.ask('POST', '/api/create', order)
      if (told.code !== 202) return told
    }
  }

  /** Orders each of these so many times, all at once. @returns how many answers were wrong */
  async burst(orders: object[], times: number): Promise<number> {
    const answers = await Promise.all(
      orders.map((order) => Promise.all(Array.from({ length: times }, () => this.create(order))))
    )
    return answers.flatMap((told) => {
      const [first] = told
      return told.filter(
        ({ code, data }) => code !== 200 || JSON.stringify(data) !== JSON.stringify(first!.data)
      )
    }).length
  }
}
