import { wrapFetch } from '@stripe402/client'
import { describe, expect, it } from 'vitest'
import { mutateHeader, mutateJson, seedMessages } from './mutate.js'
import { randomFrom } from './random.js'
import { SCALE } from './scale.js'

describe('the fetch that pays', () => {
  it('hands over every answer near one of ours, whatever its headers and body say', async () => {
    const random = randomFrom(SCALE.seed)
    const challenges = seedMessages('payment-required')
    const receipts = seedMessages('payment-response')
    const safe = (text: string): string => text.replace(/[^\x20-\x7e]/g, '~')
    let asked = 0
    const paidFetch = wrapFetch(
      async () =>
        new Response(mutateJson(random, random.pick(challenges)), {
          status: random.pick([402, 402, 402, 200, 409, 429, 503]),
          headers: {
            'content-type': random.pick(['application/json', 'text/plain']),
            'payment-required': safe(mutateHeader(random, random.pick(challenges))),
            'payment-response': safe(mutateHeader(random, random.pick(receipts))),
            'retry-after': random.pick(['0', '-1', 'x', 'Infinity', '1e9']),
          },
        }),
      {
        origins: ['https://shop.example'],
        payer: async () => {
          asked += 1
          return null
        },
      },
    )
    for (let at = 0; at < SCALE.client; at += 1) {
      const response = await paidFetch('https://shop.example/api/joke')
      expect([200, 402, 409, 429, 503]).toContain(response.status)
      await response.arrayBuffer()
    }
    console.log(`client: ${SCALE.client} answers, ${asked} offers shown to the payer`)
    expect(asked).toBeGreaterThan(SCALE.client / 20)
  }, 600_000)
})
