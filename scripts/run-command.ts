import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The repository's folder, with a slash at its end. */
export const ROOT: string = fileURLToPath(new URL('..', import.meta.url))

/** How a command ended, and what it printed when it was not shown. */
export interface Finished {
  /** Exit code; 1 when it could not start or a signal ended it. */
  code: number
  output: string
}

/** Settings of {@link runCommand}. */
export interface RunOptions {
  /** Shows the output as it comes instead of keeping it. */
  isShown?: boolean
  env?: Readonly<Record<string, string>>
  /** Default: the repository's folder. */
  cwd?: string
  /** Ends the command when it has printed nothing that matches for `withinMs`. */
  progress?: { line: RegExp; withinMs: number }
}

/** Runs a program, or a command of `node_modules/.bin`. Never rejects. */
export function runCommand(
  file: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Finished> {
  const { isShown = false, env = {}, cwd = ROOT, progress } = options
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      cwd,
      env: { ...process.env, ...env, PATH: `${ROOT}node_modules/.bin:${process.env.PATH}` },
      stdio: isShown ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    const giveUp = (): boolean => child.kill()
    let patience = progress && setTimeout(giveUp, progress.withinMs)
    const read = (chunk: Buffer): void => {
      output += chunk
      if (!progress?.line.test(chunk.toString())) return
      clearTimeout(patience)
      patience = setTimeout(giveUp, progress.withinMs)
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    const finish = (code: number, more = ''): void => {
      clearTimeout(patience)
      resolve({ code, output: output + more })
    }
    child.once('error', (error) => finish(1, `${error.message}\n`))
    child.once('close', (code) => finish(code ?? 1))
  })
}

/** Seconds since a moment of `performance.now()`, as in `1.2 s`. */
export function secondsSince(startedAt: number): string {
  return `${((performance.now() - startedAt) / 1000).toFixed(1)} s`
}
