import type { MemberChoice } from '#models/notice_preference'
import { NOTICE_KINDS } from '#models/types'

/** What a member gets by mail. */
export function apiNotices({ member, kinds }: MemberChoice) {
  return {
    member: member.uid,
    email: member.user.email,
    kinds: NOTICE_KINDS.filter((kind) => kinds.includes(kind)),
  }
}
