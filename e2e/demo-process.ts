import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { secretsIn } from './canaries.js'

/** The demo as `npm run demo` starts it, in a process of its own. */
export interface DemoProcess {
  url: string
  port: number
  /**
   * Ends it as Ctrl-C does; resolves with its exit code.
   *
   * @throws Error when there was a secret in what it said.
   */
  stop(): Promise<number | null>
  /**
   * Ends it as a power cut does.
   *
   * @throws Error when there was a secret in what it said.
   */
  kill(): Promise<void>
}

const MAIN = fileURLToPath(new URL('../demo/dist/server/main.js', import.meta.url))

/**
 * Starts the built demo with these variables, and waits for its line `demo ready …`.
 *
 * @throws Error with everything it said when it ends before.
 */
export async function startDemoProcess(environment: Readonly<Record<string, string>>): Promise<DemoProcess> {
  const { PATH = '' } = process.env
  const child = spawn(process.execPath, [MAIN], { env: { PATH, ...environment }, stdio: 'pipe' })
  const said: string[] = []
  const url = await readyUrl(child, said)
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) {
      // Once all that it said has been read.
      const closed = once(child, 'close')
      child.kill(signal)
      await closed
    }
    const secrets = secretsIn(said.join('\n'))
    if (secrets.length > 0) throw new Error(`The demo said what nobody may read:\n${secrets.join('\n')}`)
    return child.exitCode
  }
  return {
    url,
    port: Number(new URL(url).port),
    stop: () => end('SIGTERM'),
    kill: async () => void (await end('SIGKILL')),
  }
}

/** Collects every line in `said`, also after the one that is waited for. */
function readyUrl(child: ChildProcess, said: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue
      createInterface(stream).on('line', (line) => {
        said.push(line)
        const url = /^demo ready (http:\S+)$/.exec(line)?.[1]
        if (url) resolve(url)
      })
    }
    child.once('exit', (code) => reject(new Error(`The demo ended with ${code}:\n${said.join('\n')}`)))
    child.once('error', reject)
  })
}
