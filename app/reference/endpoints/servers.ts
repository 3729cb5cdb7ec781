import * as is from '#reference/answers'
import { asked, type Endpoint } from '#reference/endpoint'
import { list, object, text } from '#reference/schema'
import { loginValidator, registrationValidator, serverActionValidator } from '#validators/api_auth'

/** What the page for cloud servers calls. */
export const servers: Endpoint[] = [
  {
    id: 'register',
    route: 'POST /api/auth/register',
    tag: 'servers',
    door: 'nothing',
    body: asked(registrationValidator),
    status: 201,
    answer: is.message,
  },
  {
    id: 'log_in',
    route: 'POST /api/auth/login',
    tag: 'servers',
    door: 'nothing',
    body: asked(loginValidator),
    status: 200,
    answer: object({ access_token: text }),
  },
  {
    id: 'list_servers',
    route: 'GET /api/os/servers',
    tag: 'servers',
    door: 'login',
    status: 200,
    answer: list(is.server),
  },
  {
    id: 'act_on_server',
    route: 'POST /api/os/servers/:id/action',
    tag: 'servers',
    door: 'login',
    body: asked(serverActionValidator),
    status: 200,
    answer: object({ msg: text, operation: text }),
  },
]
