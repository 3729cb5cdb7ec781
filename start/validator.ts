import type { I18n } from '@adonisjs/i18n'
import { RequestValidator } from '@adonisjs/core/http'
import type { MessagesProviderContact } from '@vinejs/vine/types'

/**
 * What is wrong with a field, in a language: resources/lang/<locale>/validator.json. An entry of a list has no name
 * but its number; it is called what the list is called.
 */
export function messagesIn(i18n: I18n): MessagesProviderContact {
  const messages = i18n.createMessagesProvider()
  return {
    getMessage(byDefault, rule, field, meta) {
      const { wildCardPath } = field
      const list = /([^.]+)\.\*$/.exec(wildCardPath)?.[1]
      const named = list ? { ...field, wildCardPath, name: list } : field
      return messages.getMessage(byDefault, rule, named, meta)
    },
  }
}

RequestValidator.messagesProvider = ({ i18n }) => messagesIn(i18n)
