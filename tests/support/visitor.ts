import { appUrl } from '#config/app'

/** A person with the cookies and the form token of one session, good at any web process. */
export class Visitor {
  private readonly jar = new Map<string, string>()
  private token = ''

  private constructor() {}

  /** With the form, as a browser does it. @throws Error when the person is not let in */
  static async signIn(email: string, password: string, web = appUrl): Promise<Visitor> {
    const visitor = new Visitor()
    await visitor.read(web, '/sign-in')
    const answer = await visitor.submit(web, '/sign-in', { email, password })
    if (answer.status !== 302 || answer.headers.get('location') === '/sign-in') {
      throw new Error(`signing in was answered with ${answer.status} ${await answer.text()}`)
    }
    // The session is another one now, and so is its token.
    await visitor.read(web, '/account/profile')
    return visitor
  }

  /** A billing system's customer, by a link from there. @throws Error when they are not let in */
  static async byLink(link: string, web = appUrl): Promise<Visitor> {
    const visitor = new Visitor()
    const { pathname } = new URL(link)
    await visitor.read(web, pathname)
    const answer = await visitor.submit(web, pathname, {})
    const landing = answer.headers.get('location')
    if (answer.status !== 302 || !landing) throw new Error(`the link was answered ${answer.status}`)
    await visitor.read(web, landing)
    return visitor
  }

  get cookies(): string {
    return [...this.jar].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  /** The page's text; the token of its forms is kept. */
  async read(web: string, path: string): Promise<string> {
    const response = await this.keep(
      await fetch(`${web}${path}`, { headers: { cookie: this.cookies }, redirect: 'manual' })
    )
    const text = await response.text()
    this.token = /name=['"]_csrf['"] value=['"]([^'"]+)/.exec(text)?.[1] ?? this.token
    return text
  }

  async submit(web: string, path: string, fields: Record<string, string>): Promise<Response> {
    const response = await fetch(`${web}${path}`, {
      method: 'POST',
      headers: { cookie: this.cookies },
      body: this.form(fields),
      redirect: 'manual',
    })
    return this.keep(response)
  }

  /** What a form of this session sends. */
  form(fields: Record<string, string>): URLSearchParams {
    return new URLSearchParams({ _csrf: this.token, ...fields })
  }

  private keep(response: Response): Response {
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      const at = pair.indexOf('=')
      this.jar.set(pair.slice(0, at), pair.slice(at + 1))
    }
    return response
  }
}
