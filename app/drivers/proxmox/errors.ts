import { DriverError, type DriverErrorKind } from '#drivers/errors'

type Rule = [pattern: RegExp, kind: DriverErrorKind, reason?: string]

/**
 * Nearly everything is status 500 or a task that ended badly: the text decides, the first rule that fits.
 * A rule without a reason leaves the words of Proxmox VE.
 */
const RULES: Rule[] = [
  [
    /hostname lookup '.*' failed|no such cluster node/i,
    'not_found',
    'the cluster has no such node',
  ],
  [
    /CT is locked \(create\)/i,
    'busy',
    'the cluster still makes this instance, or was stopped in the middle of it',
  ],
  [/is locked|can't lock file|got (lock )?timeout/i, 'busy'],
  [
    /detected modified configuration/i,
    'busy',
    'somebody else changed the instance at the same moment',
  ],
  [/cluster not ready|no quorum/i, 'busy', 'the cluster has no quorum'],
  [/already exists/i, 'already_exists', 'the number is taken on this cluster'],
  [
    /volume '.*' does not exist|can't find file|no such (volume|template)/i,
    'not_found',
    'the image is not on this node',
  ],
  [/bridge '.*' does not exist/i, 'not_found', 'the node lacks the bridge of this network'],
  [/role '.*' does not exist|no such user/i, 'not_found'],
  [/storage '.*' (does not exist|is not (available|enabled|online))/i, 'not_found'],
  [/snapshot '.*' does not exist/i, 'not_found', 'the instance has no such snapshot'],
  [
    /Configuration file .* does not exist|CT \d+ does not exist/i,
    'not_found',
    'there is no such instance',
  ],
  [
    /snapshot feature is not available/i,
    'unsupported',
    "the cluster's storage cannot take snapshots",
  ],
  [/not a template|is a template/i, 'unsupported'],
  [
    /no space left|out of space|not enough (free )?space|insufficient free space|ENOSPC/i,
    'out_of_capacity',
  ],
  [/cannot allocate memory/i, 'out_of_capacity'],
  [/unable to shrink/i, 'invalid', 'a disk only grows'],
  [/Permission check failed|invalid csrf token|permission denied/i, 'unauthorized'],
  [/SSH public key validation/i, 'invalid', 'an SSH key reads "type base64 comment" on one line'],
  [/protection mode enabled/i, 'invalid', 'the instance is protected on the cluster'],
  [/not running/i, 'invalid'],
  [/already running|container is running/i, 'busy'],
  [
    /did not stop|shutdown.*timeout|got timeout/i,
    'task_failed',
    'the guest did not shut down in time',
  ],
  [/^unexpected status/i, 'task_lost', 'the node stopped while the task ran'],
  [/received interrupt/i, 'task_failed', 'somebody cancelled the task on the cluster'],
]

const LONGEST_REASON = 300

/** What Proxmox VE said, as a kind (undefined: none fits) and a sentence for people. */
export function explain(said: string): { kind?: DriverErrorKind; reason: string } {
  const [, kind, reason] = RULES.find(([pattern]) => pattern.test(said)) ?? []
  return { kind, reason: reason ?? (shorten(said) || 'the cluster gave no reason') }
}

/** An answer that is an error: 595, 596 and 401 tell by their number, everything else by its text. */
export function fromRefusal(status: number, said: string, where: string): DriverError {
  const cause = new Error(`Proxmox VE answered ${status}: ${shorten(said)}`)
  if (status === 595) {
    return new DriverError('unreachable', `${where} cannot reach the node that should do it`, {
      cause,
    })
  }
  if (status === 596) {
    return new DriverError(
      'timeout',
      `${where} had no answer in time from the node that should do it`,
      { cause }
    )
  }
  if (status === 401) {
    return new DriverError(
      'unauthorized',
      `${where} does not accept the token or password: ${shorten(said)}`,
      { cause }
    )
  }
  const { kind, reason } = explain(said)
  return new DriverError(kind ?? kindOfStatus(status), reason, { cause })
}

function kindOfStatus(status: number): DriverErrorKind {
  switch (status) {
    case 400:
      return 'invalid'
    case 403:
      return 'unauthorized'
    case 404:
      return 'not_found'
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

export function noSuchInstance(ref: string): DriverError {
  return new DriverError('not_found', `there is no instance ${ref} on this cluster`)
}

export function notOurs(ref: string): DriverError {
  return new DriverError('already_exists', `${ref} exists on this cluster and is not ours`)
}

function shorten(said: string): string {
  const line = said.replaceAll(/\s+/g, ' ').trim()
  return line.length > LONGEST_REASON ? `${line.slice(0, LONGEST_REASON)}…` : line
}
