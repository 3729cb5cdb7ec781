import { html } from './html.js'

type Value = string | number | boolean | null | undefined

/**
 * HTML attributes from plain data: null, undefined and false leave the attribute out, true writes its bare name.
 * Edge's own `$props.toAttrs()` and `html.attrs()` do not escape what they write; this does.
 */
export function attributes(values: Record<string, Value>) {
  const written = Object.entries(values)
    .filter(([, value]) => value !== null && value !== undefined && value !== false)
    .map(([name, value]) => (value === true ? name : `${name}="${html.escape(String(value))}"`))
  return html.safe(written.join(' '))
}

/** A pattern for `<input pattern>` that only this very text satisfies. */
export function exactly(text: string): string {
  return text.replace(/[/\\^$*+?.()|[\]{}]/g, '\\$&')
}
