import { envelope } from '#transformers/api/billing/envelope'

/** Whether the billing system reached us with a key that opens something. */
export default class ChecksController {
  /** The text is the contract: the existing plugin takes any other for a failure. */
  async show() {
    return envelope('API连接正常')
  }
}
