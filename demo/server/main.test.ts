import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { send } from './temporary-demo.fixture.js'

/** The built program, as `npm run demo` starts it. */
const MAIN = fileURLToPath(new URL('../dist/server/main.js', import.meta.url))

let dataFolder: string

// One folder for all: a new database takes seconds, an old one is opened again.
beforeAll(async () => {
  await access(MAIN).catch(() => {
    throw new Error('The demo is not built: run `npm run build` first.')
  })
  dataFolder = await mkdtemp(join(tmpdir(), 'stripe402-demo-'))
})

afterAll(() => rm(dataFolder, { recursive: true, force: true }))

function start(environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env.PATH, PORT: '0', STRIPE_LOCAL_PORT: '0', DEMO_DATA: dataFolder, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exit: Promise<unknown[]> = once(child, 'exit')
  return { child, exit }
}

describe('npm run demo', { timeout: 180_000 }, () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'says where it is, answers, and ends cleanly on %s',
    async (signal) => {
      const { child, exit } = start()
      const lines: string[] = []
      let url = ''
      for await (const line of createInterface(child.stdout)) {
        lines.push(line)
        url = /^demo ready (http:\/\/localhost:[1-9]\d*)$/.exec(line)?.[1] ?? ''
        if (url !== '') break
      }
      expect(lines[0]).toMatch(/^local Stripe http:\/\/localhost:[1-9]\d*$/)
      const { receipt } = await send(`${url}/api/joke`, {
        paymentMethodId: 'pm_card_visa',
        topUpAmount: 50_000,
        currency: 'usd',
      })
      expect(receipt).toMatchObject({ success: true, charged: 100 })
      child.kill(signal)
      expect(await exit).toEqual([0, null])
      await expect(access(join(dataFolder, 'lock'))).rejects.toThrow('ENOENT')
    },
  )

  it('says in one line what is wrong, and exits with 1', async () => {
    const { child, exit } = start({ PORT: 'everywhere' })
    const lines: string[] = []
    for await (const line of createInterface(child.stderr)) lines.push(line)
    expect(lines.filter((line) => line.startsWith('demo: '))).toEqual([
      'demo: PORT is "everywhere", which is not a port: use 0 (any free one) to 65535.',
    ])
    expect(lines.join('\n')).not.toContain('    at ')
    expect(await exit).toEqual([1, null])
  })
})
