import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The repository's folder, with a slash at its end. */
export const ROOT: string = fileURLToPath(new URL('..', import.meta.url))

/** How a command ended, and what it printed when it was not shown. */
export interface Finished {
  /** Exit code; 1 when it could not start or a signal ended it. */
  code: number
  output: string
  /** Ended for want of progress. */
  stoodStill?: boolean
}

/** When a command is given up: it has printed nothing that matches for `withinMs`. */
interface Progress {
  line: RegExp
  withinMs: number
}

/** Settings of {@link runCommand}. */
export interface RunOptions {
  /** Shows the output as it comes instead of keeping it. */
  isShown?: boolean
  env?: Readonly<Record<string, string>>
  /** Default: the repository's folder. */
  cwd?: string
  /** Ends the command, and whatever it started, when it makes none. */
  progress?: Progress
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
      stdio: isShown && !progress ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
      // A group of its own can be ended as a whole.
      detached: progress !== undefined,
    })
    let output = ''
    const watch = progress && watchProgress(child, progress)
    const read = (chunk: Buffer): void => {
      watch?.read(chunk)
      if (isShown) process.stdout.write(chunk)
      else output += chunk
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    const finish = (code: number, more = ''): void => {
      resolve({ code, output: output + more, stoodStill: watch?.stop() ?? false })
    }
    child.once('error', (error) => finish(1, `${error.message}\n`))
    child.once('close', (code) => finish(code ?? 1))
  })
}

interface Watch {
  read(chunk: Buffer): void
  /** Ends the watch; true when it has ended the command. */
  stop(): boolean
}

/** Ends the group of a process that makes no progress, and with this process. */
function watchProgress(child: ChildProcess, { line, withinMs }: Progress): Watch {
  let hasGivenUp = false
  const leave = (signal: NodeJS.Signals): void => {
    endGroup(child)
    process.exit(signal === 'SIGINT' ? 130 : 143)
  }
  process.once('SIGINT', leave).once('SIGTERM', leave)
  const patience = setTimeout(() => {
    hasGivenUp = true
    endGroup(child)
  }, withinMs)
  return {
    read(chunk) {
      if (line.test(chunk.toString())) patience.refresh()
    },
    stop() {
      clearTimeout(patience)
      process.off('SIGINT', leave).off('SIGTERM', leave)
      return hasGivenUp
    },
  }
}

function endGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // It was faster.
  }
}

/** Seconds since a moment of `performance.now()`, as in `1.2 s`. */
export function secondsSince(startedAt: number): string {
  return `${((performance.now() - startedAt) / 1000).toFixed(1)} s`
}
