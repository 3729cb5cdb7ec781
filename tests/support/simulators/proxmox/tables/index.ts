import { ACCESS } from './access.js'
import { CLUSTER } from './cluster.js'
import { FIREWALL } from './firewall.js'
import { GUESTS } from './guests.js'
import type { Methods } from './method.js'

/** Every call that the simulator knows, `POST /nodes/{node}/lxc`, as version 8.4 of the API has it. */
export const METHODS: Methods = { ...ACCESS, ...CLUSTER, ...GUESTS, ...FIREWALL }
