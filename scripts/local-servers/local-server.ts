import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'

/** A database server of our own, on the loopback interface, with its data in a temporary folder. */
export interface LocalServer {
  url: string
  port: number
  /** Ends the server and deletes its data. */
  stop(): Promise<void>
  /** Ends the server at once, as a crash would. The data stay for {@link restart}. */
  kill(): Promise<void>
  /** Starts the server again on the same port with what its data folder holds, after ending it in order if it runs. */
  restart(): Promise<void>
}

/** No executable of that server is on this machine. The message names the command that brings it. */
export class ServerNotFoundError extends Error {
  override name = 'ServerNotFoundError'
}

/** How to run one server. */
export interface ServerCommand {
  file: string
  args: string[]
  /** Printed by the server, on either stream, once it takes connections. */
  readyLine: RegExp
  uid?: number | undefined
  gid?: number | undefined
}

/** A process that took connections when it was started. */
export interface RunningServer {
  end(signal: NodeJS.Signals): Promise<void>
}

const running = new Set<ChildProcess>()
const killAll = (): void => {
  for (const child of running) child.kill('SIGKILL')
}
process.once('exit', killAll)
// A process that dies of a signal tells nobody of its exit. Raised again, the signal does what it would have done.
for (const signal of ['SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => {
    killAll()
    process.kill(process.pid, signal)
  })

/** Starts a server and waits until it says that it is ready; rejects with what it printed when it ends instead. */
export async function run(command: ServerCommand): Promise<RunningServer> {
  const { uid, gid } = command
  const child = spawn(command.file, command.args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid !== undefined && { uid }),
    ...(gid !== undefined && { gid }),
  })
  running.add(child)
  child.once('exit', () => running.delete(child))
  await new Promise<void>((resolve, reject) => {
    let printed = ''
    const read = (chunk: Buffer): void => {
      printed = (printed + chunk.toString()).slice(-10_000)
      if (command.readyLine.test(printed)) resolve()
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`${command.file} ended with ${code}:\n${printed}`)))
  })
  return {
    end: async (signal) => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill(signal)
      await ended
    },
  }
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('The probe has no port.')
  return address.port
}

/** Starts on free ports until one was not taken by somebody else in between. */
export async function runOnFreePort(
  commandFor: (port: number) => ServerCommand,
): Promise<{ port: number; server: RunningServer }> {
  for (let triesLeft = 4; ; triesLeft -= 1) {
    const port = await freePort()
    try {
      return { port, server: await run(commandFor(port)) }
    } catch (error) {
      const isTaken = error instanceof Error && /address already in use/i.test(error.message)
      if (!isTaken || triesLeft === 0) throw error
    }
  }
}
