import { as, flag, required, text, whole } from '../parameter.js'
import { on, type Methods } from './method.js'

const USER = required(as('pve-userid', { maxLength: 64 }))
const TOKEN = required(text({ pattern: /^[A-Za-z][A-Za-z0-9.\-_]+$/ }))
const PERSON = {
  comment: text({ maxLength: 2_048 }),
  email: as('email-opt', { maxLength: 254 }),
  enable: flag(),
  expire: whole(0),
  firstname: text({ maxLength: 1_024 }),
  groups: as('pve-groupid-list'),
  keys: text({ pattern: /^[0-9a-zA-Z!=]{0,4096}$/ }),
  lastname: text({ maxLength: 1_024 }),
}

/** Tickets, users, their tokens and rights. */
export const ACCESS: Methods = {
  'GET /access/ticket': { parameters: {} },
  'POST /access/ticket': {
    isProtected: true,
    isForPeople: true,
    parameters: {
      'username': required(text({ maxLength: 64 })),
      'password': required(text()),
      'realm': as('pve-realm', { maxLength: 32 }),
      'otp': text(),
      'tfa-challenge': text(),
      'new-format': flag(),
      'path': text({ maxLength: 64, requires: 'privs' }),
      'privs': as('pve-priv-list', { maxLength: 64, requires: 'path' }),
    },
  },
  'PUT /access/password': {
    isProtected: true,
    isForPeople: true,
    parameters: {
      'userid': USER,
      'password': required(text({ minLength: 8, maxLength: 64 })),
      'confirmation-password': text({ minLength: 5, maxLength: 64 }),
    },
  },
  'GET /access/permissions': {
    parameters: {
      path: text(),
      userid: text({
        pattern: /^[^\s:/]+@[A-Za-z][A-Za-z0-9.\-_]+(?:![A-Za-z][A-Za-z0-9.\-_]+)?$/,
      }),
    },
  },
  'GET /access/users': { isProtected: true, parameters: { enabled: flag(), full: flag() } },
  'POST /access/users': {
    isProtected: true,
    parameters: { userid: USER, password: text({ minLength: 8, maxLength: 64 }), ...PERSON },
  },
  'GET /access/users/{userid}': { parameters: { userid: USER } },
  'PUT /access/users/{userid}': {
    isProtected: true,
    parameters: { userid: USER, append: flag({ requires: 'groups' }), ...PERSON },
  },
  'DELETE /access/users/{userid}': { isProtected: true, parameters: { userid: USER } },
  'GET /access/users/{userid}/token': { parameters: { userid: USER } },
  'POST /access/users/{userid}/token/{tokenid}': {
    isProtected: true,
    parameters: {
      userid: USER,
      tokenid: TOKEN,
      comment: text(),
      expire: whole(0),
      privsep: flag(),
    },
  },
  'DELETE /access/users/{userid}/token/{tokenid}': {
    isProtected: true,
    parameters: { userid: USER, tokenid: TOKEN },
  },
  'GET /access/roles': { parameters: {} },
  'POST /access/roles': {
    isProtected: true,
    needs: on('/access', 'Sys.Modify'),
    parameters: { roleid: required(as('pve-roleid')), privs: as('pve-priv-list') },
  },
  'GET /access/roles/{roleid}': { parameters: { roleid: required(as('pve-roleid')) } },
  'GET /access/acl': { parameters: {} },
  'PUT /access/acl': {
    isProtected: true,
    parameters: {
      path: required(text()),
      roles: required(as('pve-roleid-list')),
      users: as('pve-userid-list'),
      tokens: as('pve-tokenid-list'),
      groups: as('pve-groupid-list'),
      propagate: flag(),
      delete: flag(),
    },
  },
}
