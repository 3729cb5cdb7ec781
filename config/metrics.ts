import env from '#start/env'

/** Empty counts as unset. */
const token = env.get('METRICS_TOKEN')

export const metricsToken = token?.release() ? token : null
