import { billing } from '#reference/endpoints/billing'
import { licensing } from '#reference/endpoints/licensing'
import { servers } from '#reference/endpoints/servers'
import { v1 } from '#reference/endpoints/v1'
import { v1Instance } from '#reference/endpoints/v1_instance'
import { v1Webhooks } from '#reference/endpoints/v1_webhooks'
import { v1Organization } from '#reference/endpoints/v1_organization'
import type { Endpoint } from '#reference/endpoint'

/** Every route that programs call. One that is missing here fails the test beside it. */
export const ENDPOINTS: readonly Endpoint[] = [
  ...v1,
  ...v1Instance,
  ...v1Webhooks,
  ...v1Organization,
  ...servers,
  ...billing,
  ...licensing,
]
