import type { Parameters } from '../parameter.js'

/** One method of the API: what it takes and who may call it. */
export type Method = {
  parameters: Parameters
  /** One of these privileges on this path; other checks stand in the handler. */
  needs?: { path: string; anyOf: readonly string[] }
  /** Done by the daemon with root's rights: it fails while that is down. Everything else the proxy answers itself. */
  isProtected?: true
  /** Carried to the node that the path names. */
  isProxied?: true
  /** Refused to API tokens. */
  isForPeople?: true
}
export type Methods = Record<string, Method>

export const on = (path: string, ...anyOf: string[]) => ({ path, anyOf })
