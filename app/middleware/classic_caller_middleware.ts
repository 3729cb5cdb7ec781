import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import { Closed, Unauthenticated } from '#exceptions/domain_error'
import License from '#models/license'
import type { ClassicCaller } from '#models/classic_licensing'
import type User from '#models/user'
import { Tenant } from '#models/concerns/tenant'

declare module '@adonisjs/core/http' {
  interface HttpContext {
    /** Set on the addresses of the old licence manager. */
    classicCaller?: ClassicCaller
  }
}

type Options = {
  /** An installation, by its licence's token. */
  installations?: boolean
  /** Whoever was given a signed link that has not expired. */
  links?: boolean
  /** Nobody but staff: to everybody else the address does not exist. */
  staff?: boolean
}

const LICENSE_TOKEN = /^Bearer (plt_[\w-]{32})$/

/**
 * Who calls an old address: an installation by its licence's token, a program by its owner's API token, a person by
 * their session. A token comes without a session, and so needs no CSRF token; a session does.
 */
export default class ClassicCallerMiddleware {
  async handle(ctx: HttpContext, next: NextFn, options: Options = {}) {
    ctx.response.header('Cache-Control', 'no-store')
    ctx.classicCaller = await callerOf(ctx, options)
    const { license, user } = ctx.classicCaller
    const page = user && pageFor(ctx, user)
    if (page) return ctx.response.redirect().toPath(page)
    if (license) return Tenant.run(license.organizationId, () => next())
    if (user.isStaff) {
      ctx.actsAsStaff = true
      return Tenant.system(`old address ${ctx.request.url()}`, () => next())
    }
    if (options.staff) throw new Closed()
    return next()
  }
}

/** Where a person who looks at a list in a browser finds it now. */
function pageFor({ request }: HttpContext, user: User): string | null {
  const list = /^\/license\/(users|instances)$/.exec(request.url())?.[1]
  if (!list || !request.header('accept')?.includes('text/html')) return null
  if (!user.isStaff) return '/'
  return list === 'users' ? '/admin/users' : '/admin/licenses'
}

/** @throws Unauthenticated */
async function callerOf(ctx: HttpContext, options: Options): Promise<ClassicCaller> {
  const { auth, request } = ctx
  const header = request.header('authorization')
  const [, token] = LICENSE_TOKEN.exec(header ?? '') ?? []
  if (token && options.installations) {
    const license = await byToken(token)
    if (license) return { license, user: null }
  }
  if (header === undefined && options.links && request.hasValidSignature()) {
    const license = await byUid(String(request.qs().license))
    if (license) return { license, user: null }
  }
  const isKnown = header === undefined ? true : await auth.checkUsing(['api'])
  const user = isKnown ? auth.user : null
  if (!user?.isVerified || user.isDisabled) throw new Unauthenticated()
  return { license: null, user }
}

const byToken = (token: string) =>
  Tenant.system('a license by its token', () => License.findByToken(token))

const byUid = (uid: string) =>
  Tenant.system('a license by a signed link', () =>
    License.query().where('uid', uid).preload('product').first()
  )
