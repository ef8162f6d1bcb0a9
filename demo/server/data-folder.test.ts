import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { takeDataFolder } from './data-folder.js'

let path: string

beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'stripe402-demo-'))
})

afterEach(() => rm(path, { recursive: true }))

describe('takeDataFolder', () => {
  it('refuses a folder that a running process holds', async () => {
    await writeFile(join(path, 'lock'), `${process.ppid}\n`)
    await expect(takeDataFolder(path)).rejects.toThrow(`Another demo (process ${process.ppid}) uses ${path}`)
  })

  it('takes over from a process that is gone', async () => {
    // Above the largest process id of any system that Node runs on.
    await writeFile(join(path, 'lock'), '2147483646\n')
    const folder = await takeDataFolder(path)
    await folder.release()
  })

  it('leaves nothing behind that would keep another demo out', async () => {
    const folder = await takeDataFolder(path)
    expect(await readdir(path)).toEqual(['lock'])
    await folder.release()
    expect(await readdir(path)).toEqual([])
  })
})
