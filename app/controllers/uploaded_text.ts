import { readFile } from 'node:fs/promises'
import type { HttpContext } from '@adonisjs/core/http'

/** What the file of a form says, with or without the mark of UTF-8; empty when none came. Cut behind `largest`. */
export async function uploadedText(
  request: HttpContext['request'],
  field: string,
  largest: number
): Promise<string> {
  const path = request.file(field)?.tmpPath
  if (!path) return ''
  const text = await readFile(path, 'utf8')
  return text.replace(/^\uFEFF/, '').slice(0, largest)
}
