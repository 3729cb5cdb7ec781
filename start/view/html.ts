import { edgeGlobals } from 'edge.js'

/** Edge's own escaping, and its mark for what is already HTML. */
export const html = edgeGlobals.html as {
  escape(text: string): string
  safe(text: string): { value: string }
}
