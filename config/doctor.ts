import env from '#start/env'

/** A cluster is examined by itself this often. */
export const examineEveryMs = 15 * 60_000

const [host, port] = env.get('DOCTOR_OUTSIDE', '1.1.1.1:443').split(':')

/** What a guest of the provider's is asked to reach: a name, and an address with a port beyond its network. */
export const outside = {
  name: env.get('DOCTOR_NAME', 'debian.org'),
  address: host!,
  port: Number(port ?? 443),
}
