import type { HttpContext } from '@adonisjs/core/http'
import { DOORS } from '#start/view/doors'
import { shellOf } from '#transformers/shell'

/** The sheet of all components: what to choose from when a page is made, and what the browser tests look at. */
export default class DesignController {
  async show({ view, request }: HttpContext) {
    const isStaff = request.input('area') === 'admin'
    const layout = isStaff ? 'layouts/admin' : 'layouts/portal'
    view.share({
      // There is no such organization: nothing happens in it that could be followed.
      loadShell: () => ({
        ...shellOf(isStaff ? { ...FRAME, path: '/admin/instances' } : FRAME),
        eventsPath: null,
      }),
    })
    return view.render('pages/design/show', {
      layout,
      states: Object.keys(DOORS),
      rows: ROWS,
      now: new Date(),
      earlier: new Date(Date.now() - 42_000),
      longAgo: new Date(Date.now() - 18 * 60_000),
      series: samples(),
    })
  }
}

/** The frame of somebody who belongs to several organizations. */
const FRAME = {
  path: '/o/qinghe/instances',
  user: { name: '林青禾', email: 'ops@example.com', isStaff: true },
  memberships: [
    { name: '青禾科技', slug: 'qinghe', role: 'admin' },
    { name: 'Acme', slug: 'acme', role: 'owner' },
    { name: 'Globex Research and Development', slug: 'globex', role: 'viewer' },
  ],
  currentSlug: 'qinghe',
  runningOperations: 2,
}

const ROWS = [
  { name: 'web-1', is: 'running', plan: 'c2', address: '203.0.113.21', cpu: 23, memory: 61 },
  { name: 'db-master', is: 'running', plan: 'm4', address: '198.51.100.16', cpu: 47, memory: 83 },
  { name: 'staging', is: 'stopped', plan: 'c2', address: '10.20.0.31', cpu: null, memory: null },
  {
    name: 'build-runner-arm-experimental-with-a-long-name',
    is: 'error',
    plan: 'c4',
    address: '2001:db8:5f:1::a1c4',
    cpu: null,
    memory: null,
  },
]

/** A day of believable figures, the same at every visit, with a gap. */
function samples() {
  const step = 900
  const end = Math.floor(Date.now() / 1000 / step) * step
  const times = Array.from({ length: 96 }, (_, i) => end - (95 - i) * step)
  const wave = (base: number, height: number, noise: number) =>
    times.map((_, i) => {
      if (i > 40 && i < 45) return null
      const jitter = Math.sin(i * 12.9898) * noise
      return Math.max(0, Math.round((base + height * Math.sin(i / 15) + jitter) * 100) / 100)
    })
  return { times, out: wave(11, 7, 2), in: wave(4, 2, 1), limit: times.map(() => 20) }
}
