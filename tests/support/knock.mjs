// Knocks once and prints what answers, or nothing. Arguments: tcp or udp, address, port.
import { connect } from 'node:net'
import { createSocket } from 'node:dgram'

const [protocol, address, port] = process.argv.slice(2)
const WAIT_MS = 700

setTimeout(() => process.exit(0), WAIT_MS)
if (protocol === 'tcp') {
  const socket = connect(Number(port), address)
  socket.on('data', (data) => process.stdout.write(data))
  socket.on('error', () => process.exit(0))
  socket.on('close', () => process.exit(0))
} else {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4')
  socket.on('message', (data) => {
    process.stdout.write(data, () => process.exit(0))
  })
  socket.on('error', () => process.exit(0))
  socket.send('knock', Number(port), address)
}
