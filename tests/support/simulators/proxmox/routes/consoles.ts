import type { Kind } from '../consoles.js'
import { Refusal } from '../refusal.js'
import type { Call, Routes } from './route.js'

const ONE = '/nodes/{node}/lxc/{vmid}'

export const CONSOLES: Routes = {
  [`POST ${ONE}/termproxy`]: (call) => {
    const { port, ticket, user, upid } = open(call, 'terminal')
    return { port, ticket, user, upid }
  },
  [`POST ${ONE}/vncproxy`]: (call) => {
    const { port, ticket, user, upid, password } = open(call, 'vnc')
    return {
      port,
      ticket: `${password}:${ticket}`,
      user,
      upid,
      password,
      cert: call.cluster.certificate,
    }
  },
  // Its upgrade is answered by the server itself.
  [`GET ${ONE}/vncwebsocket`]: () => {
    throw new Refusal(400, 'connection upgrade failed')
  },
}

function open({ given, who, cluster }: Call, kind: Kind) {
  cluster.guest(given)
  let upid = ''
  const opened = cluster.consoles.open({
    kind,
    vmid: Number(given.vmid),
    user: who.id,
    note: (line) => cluster.tasks.note(given.node!, upid, line),
    end: (exitstatus) => cluster.tasks.finish(given.node!, upid, exitstatus),
  })
  upid = cluster.run(who, { type: 'vncproxy', node: given.node!, id: given.vmid!, takesMs: null })
  return { ...opened, port: String(opened.port), upid }
}
