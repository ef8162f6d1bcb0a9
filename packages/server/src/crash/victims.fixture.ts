import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { Job, JobEnd, Surroundings } from './job.fixture.js'

/** What became of a job: it ended, or its process was killed at a point of that name. */
export type Fate = { type: 'ended'; end: JobEnd } | { type: 'killed'; point: string; signal: string }

/** Processes that are killed, one after the other; each does jobs until one kills it. */
export interface Victims {
  run(job: Job): Promise<Fate>
  stop(): void
}

/** Keeps one process warm beside the one at work, because most of a killed one's time is its start. */
export function victims(file: string, surroundings: Surroundings): Victims {
  const start = (): ChildProcess =>
    fork(file, {
      env: { PATH: process.env.PATH, STRIPE402_SURROUNDINGS: JSON.stringify(surroundings) },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    })
  let current = start()
  let ready: Promise<unknown> = once(current, 'message')
  let spare: ChildProcess | undefined
  let spareReady: Promise<unknown> = Promise.resolve()

  return {
    async run(job) {
      if (job.killAt > 0 && !spare) {
        spare = start()
        spareReady = once(spare, 'message')
      }
      await ready
      const fate = await fateOf(current, job)
      if (fate.type === 'killed') {
        current = spare ?? start()
        ready = spare ? spareReady : once(current, 'message')
        spare = undefined
      }
      return fate
    },
    stop() {
      current.kill('SIGKILL')
      spare?.kill('SIGKILL')
    },
  }
}

function fateOf(victim: ChildProcess, job: Job): Promise<Fate> {
  return new Promise((resolve, reject) => {
    let printed = ''
    victim.stdout?.removeAllListeners('data').on('data', (chunk: Buffer) => {
      printed += chunk.toString()
    })
    const onMessage = (end: JobEnd): void => {
      victim.off('close', onClose)
      resolve({ type: 'ended', end })
    }
    // Not `exit`: what it printed last may still be on its way.
    const onClose = (code: number | null, signal: NodeJS.Signals | null): void => {
      victim.off('message', onMessage)
      if (signal === null) reject(new Error(`A victim ended with ${code} by itself: ${printed}`))
      else resolve({ type: 'killed', point: printed.trim(), signal })
    }
    victim.once('message', onMessage)
    victim.once('close', onClose)
    victim.send(job)
  })
}
