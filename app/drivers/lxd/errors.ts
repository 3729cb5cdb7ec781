import { DriverError, type DriverErrorKind } from '#drivers/errors'

type Rule = [pattern: RegExp, kind: DriverErrorKind, reason?: string]

/**
 * LXD tells what went wrong in a sentence, and often with status 500 or inside an operation that ended:
 * the text decides, the first rule that fits. A rule without a reason leaves LXD's own words.
 */
const RULES: Rule[] = [
  [
    /TC action module|act_police|police/i,
    'unsupported',
    "the node's kernel cannot limit outgoing traffic (it lacks the police action): give the plan no egress limit or change the kernel",
  ],
  [
    /qgroup limit.*quota exceeded|less than current used|size is less than|exceeds specified volume size|cannot be shrunk/is,
    'invalid',
    'the disk would be smaller than what is on it',
  ],
  [/setting cgroup item/i, 'invalid', 'the instance uses more than the new limit allows'],
  [/instances" entry already exists/i, 'already_exists', 'the name is taken on this cluster'],
  [/already defined on another NIC|address.*already (in use|allocated)/i, 'already_exists'],
  [/DNS name already used/i, 'already_exists'],
  [/Image not provided|Image( alias)? not found/i, 'not_found', 'the image is not on this cluster'],
  [/Instance not found/i, 'not_found', 'there is no such instance'],
  [/Reached maximum|no space left|out of (disk )?space|quota exceeded/i, 'out_of_capacity'],
  [
    /cannot allocate memory|insufficient (memory|resources)|no suitable (cluster member|host)/i,
    'out_of_capacity',
  ],
  [/not authorized|forbidden|permission denied|no access/i, 'unauthorized'],
  [
    /subsequent snapshots|more recent snapshots/i,
    'unsupported',
    "the cluster's storage can only restore the latest snapshot: delete the later ones first",
  ],
  [/non-reusable operation|is busy|in progress|ETag doesn't match|database is locked/i, 'busy'],
  [/daemon (is )?(not ready|starting|shutting down)|not yet ready|shutting down$/i, 'busy'],
  [/database is closed|bad connection|no available dqlite leader/i, 'busy', 'LXD is restarting'],
  [/not found/i, 'not_found'],
  [/already exists/i, 'already_exists'],
  [/not running/i, 'invalid'],
  // Somebody else changed its state between our look and our word.
  [/is running|already (running|stopped|frozen)/i, 'busy'],
  [
    /shutting down (the )?(instance|container)/i,
    'task_failed',
    'the guest did not shut down in time',
  ],
  [/invalid|not within network|must (not|be)|doesn't match|not allowed|not supported/i, 'invalid'],
]

const LONGEST_REASON = 300

/** What LXD said, as a kind (undefined: none fits) and a sentence for people. */
export function explain(said: string): { kind?: DriverErrorKind; reason: string } {
  const [, kind, reason] = RULES.find(([pattern]) => pattern.test(said)) ?? []
  return { kind, reason: reason ?? (shorten(said) || 'the cluster gave no reason') }
}

/** An answer that is an error: the text decides, then the status. */
export function fromRefusal(status: number, said: string): DriverError {
  const { kind, reason } = explain(said)
  return new DriverError(kind ?? kindOfStatus(status), reason, {
    cause: new Error(`LXD answered ${status}: ${shorten(said)}`),
  })
}

function kindOfStatus(status: number): DriverErrorKind {
  switch (status) {
    case 400:
      return 'invalid'
    case 401:
    case 403:
      return 'unauthorized'
    case 404:
      return 'not_found'
    case 409:
      return 'already_exists'
    case 412:
    case 423:
      return 'busy'
    case 429:
      return 'rate_limited'
    case 501:
      return 'unsupported'
    case 502:
    case 503:
    case 504:
      return 'unreachable'
    default:
      return 'task_failed'
  }
}

function shorten(said: string): string {
  const line = said.replaceAll(/\s+/g, ' ').trim()
  return line.length > LONGEST_REASON ? `${line.slice(0, LONGEST_REASON)}…` : line
}
