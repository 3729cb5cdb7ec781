import { createServer, type IncomingMessage, type Server } from 'node:http'
import { once } from 'node:events'
import { answerProbe, type ProbeRequest } from '#services/probes'

/** A worker's only door: it answers probes and nothing else. */
export async function startProbeServer(port: number, host: string): Promise<Server> {
  const server = createServer((request, response) => {
    answerProbe(toProbe(request)).then(
      (answer) => {
        const { status, type, body } = answer ?? { status: 404, type: 'text/plain', body: '' }
        response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body)
      },
      () => response.writeHead(500).end()
    )
  })
  server.listen(port, host)
  await once(server, 'listening')
  return server
}

export function toProbe({ url, headers, socket }: IncomingMessage): ProbeRequest {
  return {
    path: (url ?? '').split('?', 1)[0]!,
    authorization: headers.authorization,
    peer: socket.remoteAddress,
    isForwarded: ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'].some(
      (name) => headers[name] !== undefined
    ),
  }
}
