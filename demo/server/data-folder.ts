import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DemoError } from './demo-error.js'

/** A folder that this process has for itself. */
export interface DataFolder {
  path: string
  /** Lets another demo have it. */
  release(): Promise<void>
}

/**
 * Takes the folder that holds the database and the secret. An embedded database has one process at a time, so a second
 * demo is told instead of being let in.
 *
 * @throws DemoError while another running process holds the folder.
 */
export async function takeDataFolder(path: string): Promise<DataFolder> {
  await mkdir(path, { recursive: true, mode: 0o700 })
  const lock = join(path, 'lock')
  const owner = await ownerOf(lock)
  if (owner !== null)
    throw new DemoError(
      `Another demo (process ${owner}) uses ${path}. Stop it, or set DEMO_DATA to another folder.`,
    )
  await writeFile(lock, `${process.pid}\n`)
  return { path, release: () => rm(lock, { force: true }) }
}

/** The process that holds the lock; `null` when there is none, or it is gone and left the file behind. */
async function ownerOf(lock: string): Promise<number | null> {
  const text = await readFile(lock, 'utf8').catch(() => '')
  const pid = Number.parseInt(text, 10)
  if (!Number.isInteger(pid) || pid === process.pid) return null
  return isRunning(pid) ? pid : null
}

function isRunning(pid: number): boolean {
  try {
    // Signal 0 only asks.
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it runs, as somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
