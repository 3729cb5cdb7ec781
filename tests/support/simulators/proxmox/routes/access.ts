import { Refusal } from '../refusal.js'
import { without, wordsOf } from '../values.js'
import type { Call, Routes } from './route.js'

export const ACCESS: Routes = {
  'GET /access/ticket': () => null,
  'POST /access/ticket': ({ given, cluster }) => {
    const userid = given.username!.includes('@')
      ? given.username!
      : `${given.username}@${given.realm ?? 'pam'}`
    const { ticket, csrf } = cluster.access.signIn(userid, given.password!)
    return {
      ticket,
      CSRFPreventionToken: csrf,
      username: userid,
      cap: capabilities(cluster.access.privileges({ id: userid, userid, isToken: false }, '/')),
      ...(cluster.nodes.length > 1 && { clustername: 'lab' }),
    }
  },
  'PUT /access/password': ({ given, who, cluster }) => {
    if (who.id !== given.userid) mayAllocate({ given, who, cluster })
    cluster.access.user(given.userid!).password = given.password!
    return null
  },
  'GET /access/permissions': ({ given, who, cluster: { access } }) => {
    const asked = given.userid ?? who.id
    const [userid] = asked.split('!')
    const identity = { id: asked, userid: userid!, isToken: asked.includes('!') }
    const known = access.entries.filter(({ ugid }) => ugid === asked || ugid === userid)
    const paths = given.path ? [given.path] : [...new Set(known.map(({ path }) => path))]
    return Object.fromEntries(
      paths.map((path) => [
        path,
        Object.fromEntries([...access.privileges(identity, path)].map((name) => [name, 1])),
      ])
    )
  },
  'GET /access/users': ({ who, cluster: { access } }) =>
    [...access.users.values()]
      .filter(
        ({ userid }) =>
          userid === who.userid || access.may(who, '/access/groups', 'User.Modify', 'Sys.Audit')
      )
      .map(shownUser),
  'POST /access/users': ({ given, who, cluster }) => {
    mayAllocate({ given, who, cluster })
    const { userid, password = null, enable = '1', expire = '0', comment = '' } = given
    const isEnabled = enable === '1'
    cluster.access.addUser(userid!, {
      password,
      enable: isEnabled,
      expire: Number(expire),
      comment,
    })
    return null
  },
  'GET /access/users/{userid}': ({ given, who, cluster }) => {
    cluster.access.require(who, '/access/groups', 'User.Modify', 'Sys.Audit')
    const user = shownUser(cluster.access.user(given.userid!))
    return { ...without(user, 'userid'), groups: [], tokens: {} }
  },
  'PUT /access/users/{userid}': ({ given, who, cluster }) => {
    cluster.access.require(who, '/access/groups', 'User.Modify')
    const user = cluster.access.user(given.userid!)
    if (given.enable) user.enable = given.enable === '1'
    if (given.expire) user.expire = Number(given.expire)
    if (given.comment !== undefined) user.comment = given.comment
    return null
  },
  'DELETE /access/users/{userid}': ({ given, who, cluster }) => {
    mayAllocate({ given, who, cluster })
    cluster.access.removeUser(given.userid!)
    return null
  },
  'GET /access/users/{userid}/token': ({ given, who, cluster }) => {
    mayHandleTokens({ given, who, cluster })
    return [...cluster.access.tokens.values()]
      .filter(({ userid }) => userid === given.userid)
      .map(({ tokenid, expire, hasOwnRights }) => ({
        tokenid,
        expire,
        privsep: hasOwnRights ? 1 : 0,
      }))
  },
  'POST /access/users/{userid}/token/{tokenid}': ({ given, who, cluster }) => {
    mayHandleTokens({ given, who, cluster })
    const { userid, tokenid, privsep = '1', expire = '0', comment } = given
    const hasOwnRights = privsep === '1'
    const token = cluster.access.addToken(userid!, tokenid!, {
      hasOwnRights,
      expire: Number(expire),
      comment,
    })
    return {
      'value': token.value,
      'full-tokenid': `${userid}!${tokenid}`,
      'info': {
        privsep: given.privsep ?? 1,
        ...(comment && { comment }),
        ...(given.expire && { expire }),
      },
    }
  },
  'DELETE /access/users/{userid}/token/{tokenid}': ({ given, who, cluster }) => {
    mayHandleTokens({ given, who, cluster })
    const { userid, tokenid } = given
    if (!cluster.access.tokens.delete(`${userid}!${tokenid}`)) {
      throw new Refusal(500, `no such token '${tokenid}' for user '${userid}'`)
    }
    return null
  },
  'GET /access/roles': ({ cluster }) =>
    [...cluster.access.roles].map(([roleid, privileges]) => ({
      roleid,
      privs: [...privileges].join(','),
    })),
  'GET /access/roles/{roleid}': ({ given, cluster }) =>
    Object.fromEntries([...cluster.access.role(given.roleid!)].map((name) => [name, 1])),
  'POST /access/roles': ({ given, cluster: { access } }) => {
    const { roleid, privs = '' } = given
    if (access.roles.has(roleid!)) {
      throw new Refusal(500, `create role failed: role '${roleid}' already exists`)
    }
    access.roles.set(roleid!, new Set(wordsOf(privs)))
    return null
  },
  'GET /access/acl': ({ who, cluster: { access } }) =>
    access.entries
      .filter(
        ({ path }) =>
          access.may(who, path, 'Permissions.Modify') || access.may(who, '/access', 'Sys.Audit')
      )
      .map((entry) => ({ ...entry, propagate: entry.propagate ? 1 : 0 })),
  'PUT /access/acl': ({ given, who, cluster: { access } }) => {
    const { path, roles, users, tokens, propagate = '1', delete: removes } = given
    // Whoever may make a thing may also say who uses it.
    const ofItsKind = path!.startsWith('/vms/')
      ? ['VM.Allocate']
      : path!.startsWith('/storage/')
        ? ['Datastore.Allocate']
        : []
    access.require(who, path!, 'Permissions.Modify', ...ofItsKind)
    const people = wordsOf(users).map((ugid) => ({ ugid, type: 'user' as const }))
    const keys = wordsOf(tokens).map((ugid) => ({ ugid, type: 'token' as const }))
    for (const roleid of wordsOf(roles)) {
      access.role(roleid)
      for (const holder of [...people, ...keys]) {
        const entry = { path: path!, roleid, ...holder, propagate: propagate === '1' }
        if (removes === '1') access.revoke(entry)
        else access.grant(entry)
      }
    }
    return null
  },
}

/** What the pages of Proxmox ask for, by their part. */
function capabilities(held: ReadonlySet<string>): Record<string, Record<string, 1>> {
  const parts = {
    vms: /^VM\.|^Permissions/,
    storage: /^Datastore\.|^Permissions/,
    sdn: /^SDN\.|^Permissions/,
    dc: /^Sys\.(?:Audit|Modify)|^SDN\./,
    nodes: /^Sys\.|^Permissions/,
    access: /^(?:Group\.Allocate|User\.Modify|Permissions)/,
    mapping: /^Mapping\.|^Permissions/,
  }
  return Object.fromEntries(
    Object.entries(parts).map(([part, pattern]) => {
      const names = [...held].filter((name) => pattern.test(name))
      return [part, Object.fromEntries(names.map((name) => [name, 1 as const]))]
    })
  )
}

function shownUser({
  userid,
  enable,
  expire,
  comment,
}: {
  userid: string
  enable: boolean
  expire: number
  comment: string
}): Record<string, string | number> {
  return {
    userid,
    'enable': enable ? 1 : 0,
    expire,
    ...(comment && { comment }),
    'realm-type': userid.split('@')[1],
  }
}

function mayAllocate({ given, who, cluster: { access } }: Call): void {
  access.require(who, `/access/realm/${given.userid!.split('@')[1]}`, 'Realm.AllocateUser')
  access.require(who, '/access/groups', 'User.Modify')
}

function mayHandleTokens({ given, who, cluster: { access } }: Call): void {
  if (who.userid !== given.userid) access.require(who, '/access/groups', 'User.Modify')
}
