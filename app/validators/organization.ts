import vine from '@vinejs/vine'
import { words } from '#validators/rules/words'

/** First parts of addresses and names that would mislead. */
export const RESERVED_SLUGS = [
  'about',
  'abuse',
  'account',
  'accounts',
  'activity',
  'admin',
  'administrator',
  'api',
  'app',
  'assets',
  'audit',
  'auth',
  'billing',
  'blog',
  'console',
  'create',
  'dashboard',
  'default',
  'development',
  'docs',
  'edit',
  'health',
  'help',
  'internal',
  'invitation',
  'invitations',
  'legal',
  'login',
  'logout',
  'mail',
  'metrics',
  'new',
  'null',
  'official',
  'operator',
  'organization',
  'organizations',
  'owner',
  'portico',
  'postmaster',
  'privacy',
  'provider',
  'register',
  'root',
  'security',
  'session',
  'sessions',
  'settings',
  'sign-in',
  'sign-out',
  'sign-up',
  'signin',
  'signup',
  'staff',
  'static',
  'status',
  'support',
  'system',
  'terms',
  'undefined',
  'user',
  'users',
  'webmaster',
  'www',
]

export const SLUG_PATTERN = '[a-z0-9]+(-[a-z0-9]+)*'

const name = () => words(80).minLength(2)

export const createOrganizationValidator = vine.create({ name: name() })

export const updateOrganizationValidator = vine.create({
  name: name(),
  slug: vine
    .string()
    .trim()
    .toLowerCase()
    .minLength(3)
    .maxLength(40)
    .regex(new RegExp(`^${SLUG_PATTERN}$`))
    .notIn(RESERVED_SLUGS),
})
