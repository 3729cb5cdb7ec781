import { randomInt } from 'node:crypto'
import db from '@adonisjs/lucid/services/db'
import Membership from '#models/membership'
import Organization from '#models/organization'
import User from '#models/user'
import { Tenant } from '#models/concerns/tenant'
import { ROLES, STAFF_ROLES, type Role, type StaffRole } from '#models/types'

export type Account = { email: string; password: string; role: string }

type Person = { email: string; fullName: string; locale: 'zh-CN' | 'en' }

const STAFF: Record<StaffRole, Person> = {
  admin: { email: 'admin@portico.example', fullName: '林之远', locale: 'zh-CN' },
  operator: { email: 'operator@portico.example', fullName: 'Ines Okafor', locale: 'en' },
  viewer: { email: 'viewer@portico.example', fullName: 'Per Lund', locale: 'en' },
}

const ACME: Record<Role, Person> = {
  owner: { email: 'owner@acme.example', fullName: '陈晓', locale: 'zh-CN' },
  admin: { email: 'admin@acme.example', fullName: 'Alice Moreau', locale: 'en' },
  operator: { email: 'operator@acme.example', fullName: '王小明', locale: 'zh-CN' },
  viewer: { email: 'viewer@acme.example', fullName: 'Bob Tanaka', locale: 'en' },
}

const GLOBEX: Record<Role, Person> = {
  owner: { email: 'owner@globex.example', fullName: 'Hana Kovář', locale: 'en' },
  admin: { email: 'admin@globex.example', fullName: '李娜', locale: 'zh-CN' },
  operator: { email: 'operator@globex.example', fullName: "Aoife O'Brien", locale: 'en' },
  viewer: { email: 'viewer@globex.example', fullName: 'Ravi Menon', locale: 'en' },
}

/** The door to everything: when it is there, this database is a demo world. */
const FIRST = STAFF.admin.email

export const hasDemoWorld = async (): Promise<boolean> => (await User.findByEmail(FIRST)) !== null

/** Staff of each rank, two organizations with a member of each role, and their passwords. */
export class DemoAccounts {
  readonly list: Account[] = []

  /** `known` were told before: they stay while they still open. */
  constructor(private readonly known: Account[]) {}

  async staff(): Promise<User> {
    const ranks = [...STAFF_ROLES].reverse()
    const people = await Promise.all(
      ranks.map((rank) => this.person(STAFF[rank], `staff ${rank}`, rank))
    )
    return people[0]!
  }

  acme(): Promise<{ organization: Organization; owner: User }> {
    return this.organization('Acme', ACME)
  }

  globex(): Promise<{ organization: Organization; owner: User }> {
    return this.organization('Globex', GLOBEX)
  }

  private async organization(name: string, members: Record<Role, Person>) {
    const people = new Map<Role, User>()
    for (const role of [...ROLES].reverse()) {
      people.set(role, await this.person(members[role], `${name} ${role}`, null))
    }
    const owner = people.get('owner')!
    const organization = await this.found(name, owner)
    for (const [role, user] of people) {
      await Membership.updateOrCreate(
        { organizationId: organization.id, userId: user.id },
        { role }
      )
    }
    return { organization, owner }
  }

  private async found(name: string, owner: User): Promise<Organization> {
    const known = await Organization.query()
      .where({ name, kind: 'team' })
      .whereHas('memberships', (memberships) => memberships.where('user_id', owner.id))
      .first()
    return known ?? db.transaction((trx) => Organization.found({ name, kind: 'team', owner }, trx))
  }

  private async person(
    { email, fullName, locale }: Person,
    role: string,
    staffRole: StaffRole | null
  ): Promise<User> {
    const told = this.known.find((account) => account.email === email)?.password ?? null
    const password = told ?? randomPassword()
    // Before the first wait: people are made side by side, and are listed in the order of their ranks.
    this.list.push({ email, password, role })
    const user = await User.findByEmail(email)
    if (!user) return this.enrol({ email, fullName, locale, staffRole, password })
    if (!told || !(await user.verifyPassword(told))) await user.merge({ password }).save()
    return user
  }

  private enrol(person: Person & { staffRole: StaffRole | null; password: string }) {
    const timeZone = 'Asia/Shanghai'
    return Tenant.system('make the demo world', () =>
      db.transaction((trx) => User.enrol({ ...person, timeZone, isVerified: true }, trx))
    )
  }
}

/** Four groups of letters and digits that nobody misreads: 79 bits. */
function randomPassword(): string {
  const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789'
  const group = () => Array.from({ length: 4 }, () => alphabet[randomInt(alphabet.length)]).join('')
  return Array.from({ length: 4 }, group).join('-')
}
