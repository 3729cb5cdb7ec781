// One stream for all tabs: whoever holds the lock keeps the connection and tells the others. Browsers hold no more
// than six connections to a server over HTTP/1.1, and each tab would take one.
const REOPEN_MS = 30_000

/** Calls `onEvent` with each event of the stream, in this tab or heard from another. @returns how to stop */
export function followShared(path, onEvent) {
  const channel = new BroadcastChannel(`portico ${path}`)
  channel.onmessage = ({ data }) => onEvent(data)
  const left = new AbortController()

  const hold = () =>
    new Promise((release) => {
      const source = keepOpen(path, (event) => {
        onEvent(event)
        channel.postMessage(event)
      })
      left.signal.addEventListener('abort', () => {
        source.close()
        release()
      })
    })
  // Without the lock (plain http elsewhere than on this machine) each tab has its own.
  if (navigator.locks) {
    navigator.locks
      .request(`portico ${path}`, { signal: left.signal }, hold)
      .catch((error) => error.name !== 'AbortError' && console.error(error))
  } else hold()

  return () => {
    left.abort()
    channel.close()
  }
}

/** An EventSource that comes back, also when it was refused for a while. */
function keepOpen(path, onEvent) {
  let source = null
  let timer = null
  let wasLost = false

  const open = () => {
    source = new EventSource(path)
    source.onmessage = ({ data }) => onEvent(JSON.parse(data))
    source.onopen = () => {
      // What happened meanwhile was told to nobody.
      onEvent({ kind: wasLost ? 'returned' : 'opened' })
      wasLost = false
    }
    source.onerror = () => {
      wasLost = true
      if (source.readyState === EventSource.CLOSED) timer = setTimeout(open, REOPEN_MS)
    }
  }
  open()
  return {
    close() {
      clearTimeout(timer)
      source.close()
    },
  }
}
