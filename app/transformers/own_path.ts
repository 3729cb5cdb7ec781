import { appUrl } from '#config/app'

/**
 * The path of an address, when it is one of ours; else the start page. `//elsewhere` and `/\elsewhere` begin
 * like paths and are read as hosts by browsers.
 */
export function ownPath(wanted: string | null | undefined): string {
  const { origin } = new URL(appUrl)
  const url = wanted ? URL.parse(wanted, origin) : null
  return url?.origin === origin ? url.pathname + url.search : '/'
}
