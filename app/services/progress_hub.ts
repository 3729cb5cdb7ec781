import { Redis } from 'ioredis'
import logger from '@adonisjs/core/services/logger'
import { redisOptions } from '#config/redis'
import {
  CHANNEL,
  INSTANCES_CHANNEL,
  type Announcement,
  type InstanceAnnouncement,
} from '#services/progress'
import { shuttingDown } from '#services/shutdown'

export type OperationFollower = {
  operationId: number
  onEvent(announcement: Announcement): void
  /** Redis came back: what was told meanwhile is in the stream. */
  onReturn(): void
}

/** `organizationId` null: all of them, for staff. */
export type OrganizationFollower = {
  organizationId: number | null
  onEvent(announcement: Announcement): void
  onInstance(announcement: InstanceAnnouncement): void
}

const RETRY_MS = 1_000

/**
 * What workers announce, brought to the pages that are open in this process. However many they are, there is
 * one subscriber; it is made when the first page is opened.
 */
class ProgressHub {
  private readonly operations = new Map<number, Set<OperationFollower>>()
  private readonly organizations = new Map<number | null, Set<OrganizationFollower>>()
  private subscriber: Redis | null = null

  /** Whether announcements arrive at present. */
  isLive = false

  /** @returns how to stop following */
  followOperation(follower: OperationFollower): () => void {
    this.subscribe()
    return join(this.operations, follower.operationId, follower)
  }

  /** @returns how to stop following */
  followOrganization(follower: OrganizationFollower): () => void {
    this.subscribe()
    return join(this.organizations, follower.organizationId, follower)
  }

  /** How many pages follow something. */
  get size(): number {
    const sets = [...this.operations.values(), ...this.organizations.values()]
    return sets.reduce((sum, set) => sum + set.size, 0)
  }

  async close(): Promise<void> {
    const subscriber = this.subscriber
    this.subscriber = null
    this.isLive = false
    subscriber?.disconnect()
  }

  private subscribe(): void {
    if (this.subscriber || shuttingDown.aborted) return
    const subscriber = new Redis({
      ...redisOptions,
      // A subscriber waits as long as it takes: it has nothing else to do.
      connectionName: `portico:progress:${process.pid}`,
      maxRetriesPerRequest: null,
      autoResubscribe: false,
      retryStrategy: () => RETRY_MS,
    })
    this.subscriber = subscriber
    subscriber.on('error', (error) => logger.debug({ err: error }, 'progress subscriber'))
    subscriber.on('close', () => {
      this.isLive = false
    })
    subscriber.on('ready', () => void this.listen(subscriber))
    subscriber.on('message', (channel, message) => this.deliver(channel, message))
    shuttingDown.addEventListener('abort', () => void this.close(), { once: true })
  }

  private async listen(subscriber: Redis): Promise<void> {
    try {
      await subscriber.subscribe(CHANNEL, INSTANCES_CHANNEL)
    } catch (error) {
      logger.warn({ err: error }, 'progress cannot be followed at present')
      return
    }
    this.isLive = true
    for (const followers of this.operations.values()) {
      for (const follower of followers) follower.onReturn()
    }
  }

  private deliver(channel: string, message: string): void {
    if (channel === INSTANCES_CHANNEL) {
      const seen = JSON.parse(message) as InstanceAnnouncement
      for (const follower of this.followersOf(seen.organizationId)) follower.onInstance(seen)
      return
    }
    const announcement = JSON.parse(message) as Announcement
    for (const follower of this.operations.get(announcement.operationId) ?? []) {
      follower.onEvent(announcement)
    }
    for (const follower of this.followersOf(announcement.organizationId)) {
      follower.onEvent(announcement)
    }
  }

  private followersOf(organizationId: number): OrganizationFollower[] {
    return [
      ...(this.organizations.get(organizationId) ?? []),
      ...(this.organizations.get(null) ?? []),
    ]
  }
}

function join<Key, Follower>(
  followed: Map<Key, Set<Follower>>,
  key: Key,
  follower: Follower
): () => void {
  const followers = followed.get(key) ?? new Set()
  followers.add(follower)
  followed.set(key, followers)
  return () => {
    followers.delete(follower)
    if (followers.size === 0) followed.delete(key)
  }
}

export const progressHub = new ProgressHub()
