import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { runCommand } from './run-command.js'

/** Prints the id of a child of its own, and then nothing: both stand still for ever. */
const STANDS_STILL = `
const child = require('node:child_process').spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' })
console.log(child.pid)
setInterval(() => {}, 1000)`

describe('runCommand', () => {
  it('gives what a command printed, and how it ended', async () => {
    const program = 'console.log("out"); console.error("err"); process.exitCode = 3'
    const { code, output, stoodStill = false } = await runCommand(process.execPath, ['-e', program])
    expect({ code, lines: output.trim().split('\n').sort(), stoodStill }).toEqual({
      code: 3,
      lines: ['err', 'out'],
      stoodStill: false,
    })
  })

  it('ends a command that makes no progress, with all that it started', async () => {
    const progress = { line: /\S/, withinMs: 1000 }
    const ended = await runCommand(process.execPath, ['-e', STANDS_STILL], { progress })
    expect(ended).toMatchObject({ code: 1, stoodStill: true })
    const child = Number(ended.output)
    expect(child).toBeGreaterThan(0)
    await expect.poll(() => isRunning(child)).toBe(false)
  })

  it('lets a command that makes progress take its time', async () => {
    const program =
      'let count = 0; const timer = setInterval(() => { console.log(count); if (++count === 10) clearInterval(timer) }, 200)'
    const progress = { line: /\d/, withinMs: 1500 }
    const ended = await runCommand(process.execPath, ['-e', program], { progress })
    expect(ended).toMatchObject({ code: 0, stoodStill: false })
  })
})

/** What has ended may wait to be noticed by the process that adopted it: a zombie runs no more. */
function isRunning(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' })
  return /^[^Z\s]/.test(stdout)
}
