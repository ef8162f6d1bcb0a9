import { describe, expect, test } from 'vitest'
import { cardOnFilePayer } from './agent/card-on-file-payer.js'
import { type ClientEventMap, listen } from './events.js'
import type { Payer } from './payer.js'
import { cards } from './testing/cards.fixture.js'
import { HOSTILE_NAMES } from './testing/hostile-challenges.fixture.js'
import { paying, recording } from './testing/native.fixture.js'
import { openShop } from './testing/shop.fixture.js'

const agent = (): Payer => cardOnFilePayer({ paymentMethodId: 'pm_good', budget: { usd: 100_000 } })
const payers: [string, () => Payer][] = [
  ['a card', () => cards('pm_good', 'pm_good')],
  ['an agent', agent],
]

describe.each(payers)('wrapFetch with %s, before a hostile 402', (_name, payer) => {
  test.each(HOSTILE_NAMES)('hands it over unread, pays nothing, and says why: %s', async (name) => {
    const shop = openShop()
    const events = new EventTarget()
    const reasons: ClientEventMap['error'][] = []
    listen(events, 'error', ({ detail }) => void reasons.push(detail))
    const { base, responses } = recording()
    const paidFetch = paying({ events, payer: payer(), policy: { perRequest: { usd: 10_000 } } }, base)
    // The key of this origin, seen and paid before.
    expect((await paidFetch(shop.url('/paid/100'))).status).toBe(200)
    const response = await paidFetch(shop.url(`/hostile402/${name}`))
    expect(response).toBe(responses.at(-1))
    expect([response.status, response.bodyUsed]).toEqual([402, false])
    expect(reasons.map(({ code }) => code)).toEqual([
      expect.stringMatching(/^(UNREADABLE_CHALLENGE|POLICY_REFUSED)$/),
    ])
    expect(reasons[0]?.message).toMatch(/\w+ .*\.$/)
    const visits = (await shop.seen()).filter(({ url }) => url.startsWith('/hostile'))
    expect(visits.map(({ payment }) => payment)).toEqual([null])
    expect((await shop.state()).charges).toHaveLength(1)
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
    await response.body?.cancel()
  })
})

test('a seller that changes its key is paid again by a new client', async () => {
  const shop = openShop()
  const url = shop.url('/hostile402/another-publishable-key')
  const payer = cards()
  await paying({ payer })(url)
  expect(payer.asked[0]?.challenge.accepts[0]?.publishableKey).toBe('pk_live_of_somebody_else')
})
