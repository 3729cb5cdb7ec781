// Answers on TCP and UDP with its name and the port: `guest-1:22`. Arguments: the name, then the ports.
import { createServer } from 'node:net'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'

const [name, ...ports] = process.argv.slice(2)

for (const port of ports.map(Number)) {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.end(`${name}:${port} from ${socket.remoteAddress}`)
  })
  const receiver = createSocket('udp6')
  receiver.on('message', (_, { port: from, address }) => {
    receiver.send(`${name}:${port} from ${address}`, from, address)
  })
  server.listen(port, '::')
  receiver.bind(port, '::')
  await Promise.all([once(server, 'listening'), once(receiver, 'listening')])
}
process.stdout.write('listening\n')
process.on('disconnect', () => process.exit())
