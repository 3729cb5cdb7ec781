import type { Task } from '../tasks.js'
import { isGood } from '../tasks.js'
import { Page, type Call, type Routes } from './route.js'

const PAGE = 50

export const TASKS: Routes = {
  'GET /nodes/{node}/tasks': (call) => {
    const { given, cluster } = call
    cluster.node(given.node!)
    const { vmid, source = 'archive', typefilter, userfilter, since, until, errors } = given
    const found = cluster.tasks
      .list((task) => task.node === given.node && isShownTo(call, task))
      .filter((task) => !vmid || task.id === vmid)
      .filter((task) => !typefilter || task.type === typefilter)
      .filter((task) => !userfilter || task.user.includes(userfilter))
      .filter((task) => !since || task.starttime >= Number(since))
      .filter((task) => !until || task.starttime <= Number(until))
      .filter((task) => source === 'all' || (source === 'active') === (task.exitstatus === null))
      .filter((task) => errors !== '1' || (task.exitstatus !== null && !isGood(task.exitstatus)))
    const from = Number(given.start ?? 0)
    return new Page(found.slice(from, from + Number(given.limit ?? PAGE)).map(listed), found.length)
  },
  'GET /cluster/tasks': (call) =>
    call.cluster.tasks
      .list((task) => isShownTo(call, task))
      .slice(0, 25 * call.cluster.nodes.length)
      .map((task) => ({ ...listed(task), saved: task.exitstatus === null ? '0' : '1' })),
  'GET /nodes/{node}/tasks/{upid}/status': ({ given, cluster }) => {
    const task = cluster.tasks.find(given.node!, given.upid!)
    return {
      ...facts(task),
      status: task.exitstatus === null ? 'running' : 'stopped',
      ...(task.exitstatus !== null && { exitstatus: task.exitstatus }),
    }
  },
  'GET /nodes/{node}/tasks/{upid}/log': ({ given, cluster }) => {
    const { log } = cluster.tasks.find(given.node!, given.upid!)
    const from = Number(given.start ?? 0)
    const lines = log.slice(from, from + Number(given.limit ?? PAGE))
    return new Page(
      lines.map((line, at) => ({ n: from + at + 1, t: line })),
      log.length
    )
  },
  'DELETE /nodes/{node}/tasks/{upid}': ({ given, cluster }) => {
    cluster.tasks.stop(cluster.tasks.find(given.node!, given.upid!))
    return null
  },
}

/** One's own, or all of a node that one may look at. */
function isShownTo({ who, cluster }: Call, task: Task): boolean {
  const isOwn = task.user === who.id || task.user.split('!')[0] === who.userid
  return isOwn || cluster.access.may(who, `/nodes/${task.node}`, 'Sys.Audit')
}

function facts({ upid, node, type, id, user, pid, pstart, starttime }: Task) {
  return { upid, node, type, id, user, pid, pstart, starttime }
}

function listed(task: Task) {
  if (task.exitstatus === null) return { ...facts(task), status: 'RUNNING' }
  return { ...facts(task), status: task.exitstatus, endtime: task.endtime }
}
