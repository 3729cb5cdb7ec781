import { DriverError, type DriverErrorKind } from '#drivers/errors'

/** Routers say why in a sentence, mostly Chinese; the first that fits decides. */
const KINDS: [RegExp, DriverErrorKind][] = [
  [/会话|session|token|登录|login/i, 'unauthorized'],
  [/上限|最大|limit|too many/i, 'out_of_capacity'],
  [/已存在|重复|冲突|unique|exist|conflict/i, 'already_exists'],
  [/参数|不合法|invalid|parameter/i, 'invalid'],
]

export function refusal(where: string, said: string): DriverError {
  const [, kind] = KINDS.find(([pattern]) => pattern.test(said)) ?? [null, 'task_failed' as const]
  return new DriverError(kind, `${where}: ${said.slice(0, 300)}`)
}
