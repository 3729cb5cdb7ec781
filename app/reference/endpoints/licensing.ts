import { asked, type Endpoint } from '#reference/endpoint'
import { moment, nullable, object, oneOf, text, truth } from '#reference/schema'
import { VALIDATION_CODES } from '#licensing/validation'
import {
  activationValidator,
  documentFormValidator,
  hostInfoValidator,
  validationValidator,
} from '#validators/license'

const HOME = '/api/v1/licensing'
const code = oneOf(VALIDATION_CODES)

/** What an installed product asks, by its licence's token. */
export const licensing: Endpoint[] = [
  {
    id: 'validate_license',
    route: `POST ${HOME}/validations`,
    tag: 'licensing',
    door: 'license',
    body: asked(validationValidator),
    status: 200,
    answer: object({
      valid: truth,
      code,
      license: text,
      expires_at: moment,
      grace_until: moment,
    }),
  },
  {
    id: 'activate_license',
    route: `POST ${HOME}/activations`,
    tag: 'licensing',
    door: 'license',
    body: asked(activationValidator),
    status: 201,
    answer: object({ activation: text, fingerprint: text }),
  },
  {
    id: 'beat',
    route: `POST ${HOME}/activations/:id/heartbeats`,
    tag: 'licensing',
    door: 'license',
    status: 200,
    answer: object({ code }),
  },
  {
    id: 'deactivate_license',
    route: `DELETE ${HOME}/activations/:id`,
    tag: 'licensing',
    door: 'license',
    status: 204,
    answer: null,
  },
  {
    id: 'send_host_info',
    route: `POST ${HOME}/host_info`,
    tag: 'licensing',
    door: 'license',
    body: asked(hostInfoValidator),
    status: 202,
    answer: object({ upload: text, refusal: nullable(text), operation: nullable(text) }),
  },
  {
    id: 'fetch_license',
    route: `GET ${HOME}/document`,
    tag: 'licensing',
    door: 'license',
    query: asked(documentFormValidator),
    status: 200,
    answer: null,
  },
]
