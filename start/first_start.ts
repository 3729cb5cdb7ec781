/*
| A web process that finds the house empty makes the provider's organization, and without any administrator
| prints the link by which the first one comes in.
*/
import app from '@adonisjs/core/services/app'
import logger from '@adonisjs/core/services/logger'

app.ready(async () => {
  const { ensureProvider } = await import('#start/provider_organization')
  await ensureProvider()
  await offerAdministration()
})

async function offerAdministration(): Promise<void> {
  const { default: FirstAdministrator } = await import('#models/first_administrator')
  try {
    if (!(await FirstAdministrator.isMissing())) return
    const link = await FirstAdministrator.offer()
    // On the console itself: the log is kept, shipped and read by others.
    process.stdout.write(
      link
        ? `\nThere is no administrator yet. Whoever opens this link within 24 hours becomes the first:\n  ${link}\n\n`
        : '\nThere is no administrator yet. A link was printed when Portico was first started; it is valid for 24 hours.\nFor another: node ace user:create --staff-role=admin --email=…\n\n'
    )
  } catch (error) {
    logger.warn({ err: error }, 'could not look for an administrator')
  }
}
