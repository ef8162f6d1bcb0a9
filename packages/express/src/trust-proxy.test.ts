import express from 'express'
import { describe, expect, it } from 'vitest'
import { expressPaywall } from './express-paywall.js'
import { sendInProcess } from './gate/in-process.fixture.js'
import { quietEngine } from './quiet-engine.fixture.js'

/** What is warned about when requests come through a proxy. */
async function warningsWith(trust: unknown, headers: Readonly<Record<string, string>>): Promise<string[]> {
  const warnings: string[] = []
  const paywall = expressPaywall(
    quietEngine({ logger: { warn: (message) => warnings.push(message), error() {} } }),
  )
  const app = express()
  if (trust !== undefined) app.set('trust proxy', trust)
  app.get('/x', paywall.paymentRequired({ price: 100 }))
  for (let at = 0; at < 2; at += 1) await sendInProcess(app, { method: 'GET', target: '/x', headers })
  return warnings
}

describe('a request that came through a proxy', () => {
  const forwarded = { 'x-forwarded-for': '192.0.2.1' }

  it('is warned about once when Express was not told of the proxy', async () => {
    expect(await warningsWith(undefined, forwarded)).toEqual([
      expect.stringContaining("'trust proxy' is not set"),
    ])
  })

  it('is warned about once when any client may choose its address', async () => {
    expect(await warningsWith(true, forwarded)).toEqual([expect.stringContaining("'trust proxy' is true")])
  })

  it.each([1, 'loopback', ['10.0.0.0/8'], (): boolean => true])(
    'is fine with trust proxy %s',
    async (trust) => {
      expect(await warningsWith(trust, forwarded)).toEqual([])
    },
  )

  it('is fine without a proxy', async () => {
    expect(await warningsWith(undefined, {})).toEqual([])
  })
})
