import express, { type Express } from 'express'
import { describe, expect, it } from 'vitest'
import { expressPaywall } from '../express-paywall.js'
import { quietEngine } from '../quiet-engine.fixture.js'
import { sendInProcess, type WireRequest } from './in-process.fixture.js'

const paywall = expressPaywall(quietEngine())

/** As much as Node reads of a request: 16 KiB of its head. */
const LONGEST = 15_000
const slashes = `/${'/'.repeat(LONGEST)}a`
const names = Array.from({ length: 4000 }, (_, at) => at.toString(36))

const REQUESTS: readonly [string, WireRequest][] = [
  ['slashes without end', { method: 'GET', target: slashes }],
  ['slashes below the endpoints', { method: 'GET', target: `/.well-known/stripe402/balance${slashes}` }],
  ['dots', { method: 'GET', target: '/.'.repeat(LONGEST / 2) }],
  ['an encoded path', { method: 'GET', target: `/api/r0/${'%2e'.repeat(LONGEST / 3)}` }],
  [
    'thousands of methods in a header',
    { method: 'GET', target: '//%61', headers: { 'x-http-method-override': names.join() } },
  ],
  [
    'thousands of methods in its query',
    { method: 'GET', target: `//%61?${names.map((name) => `_method=${name}`).join('&')}`.slice(0, LONGEST) },
  ],
  [
    'a language that does not end',
    {
      method: 'GET',
      target: '/api/r0/1',
      headers: { accept: 'text/html', 'accept-language': `en${' '.repeat(LONGEST)}x` },
    },
  ],
]

/** Milliseconds of processor time that this many of a request take. */
async function workOf(app: Express, request: WireRequest, times: number): Promise<number> {
  const before = process.cpuUsage()
  for (let at = 0; at < times; at += 1) await sendInProcess(app, request)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

describe('one request', () => {
  const app = express()
  app.use(paywall.router())
  app.use(
    paywall.routes(
      Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`GET /api/r${at}/:id`, { price: 100 }])),
    ),
  )

  it.each(REQUESTS)('costs next to nothing with %s', async (_case, request) => {
    await workOf(app, { method: 'GET', target: '/x' }, 20)
    expect(await workOf(app, request, 10)).toBeLessThan(400)
  })
})
