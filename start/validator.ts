import { RequestValidator } from '@adonisjs/core/http'

/** What is wrong with a field is said in the language of the request: resources/lang/<locale>/validator.json. */
RequestValidator.messagesProvider = ({ i18n }) => i18n.createMessagesProvider()
