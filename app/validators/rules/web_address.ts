import vine from '@vinejs/vine'
import { halfWidth } from '#validators/rules/half_width'
import { oneLine } from '#validators/rules/words'

/** With its protocol; hosts of one's own network need no top-level domain. */
export const webAddress = (longest: number, protocols: string[] = ['http', 'https']) =>
  vine
    .string()
    .parse(halfWidth)
    .trim()
    .maxLength(longest)
    .use(oneLine())
    .url({ require_protocol: true, protocols, require_tld: false })
