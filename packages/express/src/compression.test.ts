import { createReadStream } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ClientId } from '@stripe402/core'
import compression from 'compression'
import express, { type Response } from 'express'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openShop, type Shop } from './shop.fixture.js'

const express4: typeof express = createRequire(import.meta.url)('express4')

/** Both are long enough to be compressed; only the first fits into any buffer. */
const TEXTS = {
  small: 'what was paid for\n'.repeat(200),
  large: Array.from({ length: 50_000 }, (_, line) => `${line}: ${line * 7919}\n`).join(''),
}
type Size = keyof typeof TEXTS

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stripe402-'))
  for (const [name, text] of Object.entries(TEXTS)) await writeFile(join(folder, `${name}.txt`), text)
})
afterAll(() => rm(folder, { recursive: true }))

const PIPES: Record<string, (response: Response, size: Size) => unknown> = {
  sendFile: (response, size) => response.sendFile(join(folder, `${size}.txt`)),
  pipe: (response, size) => createReadStream(join(folder, `${size}.txt`)).pipe(response.type('txt')),
  pipeline: (response, size) => pipeline(Readable.from(chunksOf(TEXTS[size])), response.type('txt')),
  // Listens for `drain` before anything is written.
  generator: (response, size) => pipeline(chunksOf(TEXTS[size]), response.type('txt')),
  end: (response, size) => response.type('txt').end(TEXTS[size]),
}
const WAYS = ['static', ...Object.keys(PIPES)]

describe.each([
  ['5', express],
  ['4', express4],
])('compression() in Express %s', (_version, createApp) => {
  describe.each(['before', 'behind'])('%s a gate', (place) => {
    let shop: Shop
    let clientId: ClientId
    let runs = 0

    beforeAll(async () => {
      shop = await openShop(
        (app, paywall) => {
          if (place === 'before') app.use(compression())
          const kept = paywall.paymentRequired({ price: 500, access: '24h' })
          const gates = { kept, spent: paywall.paymentRequired({ price: 500 }) }
          for (const [path, gate] of Object.entries(gates)) {
            app.use(`/${path}`, gate)
            if (place === 'behind') app.use(`/${path}`, compression())
            app.use(`/${path}/static`, createApp.static(folder))
            for (const [way, answer] of Object.entries(PIPES))
              app.get(`/${path}/${way}/:size.txt`, ({ params: { size } }, response) => {
                void answer(response, size === 'large' ? 'large' : 'small')
              })
          }
        },
        {},
        createApp,
      )
      clientId = await shop.topUp()
    })
    afterAll(() => shop.stop())

    describe.each(['kept', 'spent'])('with a resource that is %s', (path) => {
      const visit = (way: string, size: Size, init?: RequestInit): ReturnType<Shop['pay']> => {
        runs += 1
        return shop.pay(`/${path}/${way}/${size}.txt?run=${runs}`, { clientId }, init)
      }

      it.each(WAYS.flatMap((way) => [`${way} small`, `${way} large`]))(
        'answers %s in full, compressed, for its price',
        async (wayAndSize) => {
          const [way = '', name] = wayAndSize.split(' ')
          const size = name === 'large' ? 'large' : 'small'
          const { spent } = await shop.account(clientId)
          const reply = await visit(way, size)
          expect(reply.status).toBe(200)
          expect(reply.headers.get('content-encoding')).toMatch(/^(?:gzip|br)$/)
          expect(reply.text === TEXTS[size]).toBe(true)
          expect(reply.receipt?.charged).toBe(500)
          expect((await shop.account(clientId)).spent).toBe(spent + 500)
        },
      )

      it.each(['static', 'sendFile'])('answers HEAD and 304 of %s, which have no body', async (way) => {
        const head = await visit(way, 'small', { method: 'HEAD' })
        expect([head.status, head.text, head.receipt?.charged]).toEqual([200, '', 500])
        // Without `cache-control`, fetch would ask for it anew.
        const headers = { 'if-none-match': head.headers.get('etag') ?? '', 'cache-control': 'max-age=0' }
        const unchanged = await visit(way, 'small', { headers })
        expect([unchanged.status, unchanged.text, unchanged.receipt?.charged]).toEqual([304, '', 500])
      })
    })
  })
})

function* chunksOf(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += 8192) yield text.slice(at, at + 8192)
}
