/** What a program said and how it ended. */
export type Ended = { code: number; stdout: string; stderr: string }

/**
 * Runs the few programs a firewall needs on the machine that has it. Programs and arguments are constants of
 * ours; everything else goes through standard input.
 */
export interface Shell {
  /** @throws DriverError when the machine cannot be reached, or lets us do nothing */
  run(command: readonly string[], options: { privileged: boolean; input?: string }): Promise<Ended>
  close(): Promise<void>
}

/** Enough for the rules of a node with ten thousand forwards. */
export const LARGEST_OUTPUT = 64 * 1024 * 1024
export const COMMAND_MS = 20_000
