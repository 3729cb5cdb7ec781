import { html } from './html.js'

type Pick = { name: string; value: string; label: string; checked?: boolean; form?: string }

/**
 * The box at the start of a row, as a whole cell: 16 px to see, 40 px to hit. A function, since a component for
 * each of fifty rows is a noticeable part of their page.
 */
export function pick({ name, value, label, checked, form }: Pick) {
  const more = `${checked ? ' checked' : ''}${form ? ` form="${html.escape(form)}"` : ''}`
  return html.safe(
    `<td class="pick"><label class="pick-target"><input type="checkbox" class="checkbox checkbox-xs" name="${html.escape(name)}" value="${html.escape(value)}"${more} aria-label="${html.escape(label)}"></label></td>`
  )
}
