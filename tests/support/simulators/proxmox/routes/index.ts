import { ACCESS } from './access.js'
import { CLONES } from './clones.js'
import { CONSOLES } from './consoles.js'
import { CONTAINERS } from './containers.js'
import { FIREWALL } from './firewall.js'
import { INSIDE } from './inside.js'
import { MOVES } from './moves.js'
import { NODES } from './nodes.js'
import { POWER } from './power.js'
import type { Routes } from './route.js'
import { SNAPSHOTS } from './snapshots.js'
import { STORAGE } from './storage.js'
import { TASKS } from './tasks.js'

export const ROUTES: Routes = {
  ...ACCESS,
  ...NODES,
  ...STORAGE,
  ...TASKS,
  ...CONTAINERS,
  ...POWER,
  ...SNAPSHOTS,
  ...CLONES,
  ...MOVES,
  ...INSIDE,
  ...FIREWALL,
  ...CONSOLES,
}
