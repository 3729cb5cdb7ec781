import env from '#start/env'

export const workerConcurrency = env.get('WORKER_CONCURRENCY', 20)
export const workerHealthPort = env.get('WORKER_HEALTH_PORT', 0)
export const probeHost = env.get('HOST', '127.0.0.1')
