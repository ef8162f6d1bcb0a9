import { afterEach, expect, test, vi } from 'vitest'
import { cards } from './testing/cards.fixture.js'
import { paying, recording } from './testing/native.fixture.js'
import { openShop } from './testing/shop.fixture.js'

afterEach(() => {
  vi.useRealTimers()
})

test.each([
  ['is waited for', 1000],
  ['is read', 100_000],
])(
  'a foreign 402 whose body goes on for longer than one %s reaches the app untouched',
  async (_what, characters) => {
    const shop = openShop()
    const payer = cards('pm_good')
    const { base, responses } = recording()
    // What pays is here already.
    await paying({}, base)(shop.url('/plain402'))
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    let response: Response | undefined
    const call = paying(
      { payer },
      base,
    )(shop.url(`/endless402/${characters}`)).then((answer) => {
      response = answer
    })
    await vi.waitFor(
      () => {
        vi.advanceTimersByTime(characters === 1000 ? 1000 : 0)
        expect(response).toBeDefined()
      },
      { timeout: 20_000, interval: 20 },
    )
    await call
    expect(response).toBe(responses.at(-1))
    expect([response?.status, response?.bodyUsed, payer.asked.length]).toEqual([402, false, 0])
    const { value = '' } =
      (await response?.body?.pipeThrough(new TextDecoderStream()).getReader().read()) ?? {}
    expect(value.slice(0, 10)).toBe(' '.repeat(10))
  },
)

test('a foreign 402 that the wrapped fetch has read already reaches the app', async () => {
  const shop = openShop()
  const reading: typeof fetch = async (...args) => {
    const response = await fetch(...args)
    await response.text()
    return response
  }
  const { status, bodyUsed } = await paying({}, reading)(shop.url('/plain402'))
  expect([status, bodyUsed]).toEqual([402, true])
})
