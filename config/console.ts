import env from '#start/env'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const KIB = 1024

/** What a console in the browser may take. */
export const consoleLimits = {
  /** Between the press of the button and the socket. */
  ticketMs: 30 * SECOND,
  /** Open at the same time, over all web processes. */
  perUser: 10,
  perInstance: 5,
  /** Without a key pressed. */
  idleMs: env.get('CONSOLE_IDLE_MINUTES', 30) * MINUTE,
  /** Of what a browser sends at once; a longer one ends the console. */
  largestMessage: 64 * KIB,
  /** What is typed or pasted faster waits. Each message counts as this much at least. */
  inputPerSecond: 64 * KIB,
  inputBurst: 256 * KIB,
  leastMessage: 128,
  /** What the guest shows faster waits: nobody reads it, and it would cost the other visitors. */
  outputPerSecond: 2 * 1024 * KIB,
  outputBurst: 4 * 1024 * KIB,
  /** A picture is more than letters. */
  of: {
    shell: {},
    serial: {},
    screen: { outputPerSecond: 6 * 1024 * KIB, outputBurst: 16 * 1024 * KIB },
  },
  /** What a browser that reads slowly has not taken yet; beyond it the guest waits. */
  unreadBytes: 1024 * KIB,
  /** A browser that does not answer a ping for so long is gone. */
  pingMs: 20 * SECOND,
}

/** How often rights are looked at again. */
export const CONSOLE_LOOK_MS = 2 * SECOND
/** How often a process says that its consoles live, and after which silence they are taken for dead. */
export const CONSOLE_SEEN_MS = 10 * SECOND
export const CONSOLE_LOST_MS = 60 * SECOND

/** What is asked for beside a ticket when a console's socket is opened, and what is answered. */
export const CONSOLE_PROTOCOL = 'portico.console'
