import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MAIL_FOLDER } from '#start/file_mail_transport'

export type KeptMail = { name: string; at: Date; to: string; subject: string }
export type OpenedMail = KeptMail & { text: string }

const NEWEST = 100
const NAME = /^[\w.-]+$/

/** The mails that were written to tmp/mail instead of being sent, newest first. */
export async function keptMails(): Promise<KeptMail[]> {
  const files = await readdir(MAIL_FOLDER).catch(() => [])
  const names = files
    .filter((file) => file.endsWith('.txt'))
    .map((file) => file.slice(0, -'.txt'.length))
    .toSorted()
    .toReversed()
    .slice(0, NEWEST)
  return Promise.all(names.map(async (name) => headOf(name, await textOf(name))))
}

/** null when there is none of that name. */
export async function openMail(name: string): Promise<OpenedMail | null> {
  if (!NAME.test(name)) return null
  try {
    const whole = await textOf(name)
    return { ...headOf(name, whole), text: whole.slice(whole.indexOf('\n\n') + 2) }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

function textOf(name: string): Promise<string> {
  return readFile(join(MAIL_FOLDER, `${name}.txt`), 'utf8')
}

function headOf(name: string, text: string): KeptMail {
  const field = (key: string) => text.match(new RegExp(`^${key}: (.*)$`, 'm'))?.[1] ?? ''
  return { name, at: new Date(field('Date')), to: field('To'), subject: field('Subject') }
}
