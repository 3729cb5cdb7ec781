import { defineConfig } from '@adonisjs/core/bodyparser'

/** Host information of 1 MiB, pasted or sent, and what is larger than allowed: it is refused with its reason. */
const FORMS = '4mb'
const FILES = '16mb'

const bodyParserConfig = defineConfig({
  allowedMethods: ['POST', 'PUT', 'PATCH', 'DELETE'],
  form: {
    convertEmptyStringsToNull: true,
    types: ['application/x-www-form-urlencoded'],
    limit: FORMS,
  },
  json: {
    convertEmptyStringsToNull: true,
    types: ['application/json', 'application/*+json'],
    limit: FORMS,
  },
  multipart: {
    autoProcess: true,
    convertEmptyStringsToNull: true,
    processManually: [],
    limit: FILES,
    types: ['multipart/form-data'],
  },
})

export default bodyParserConfig
