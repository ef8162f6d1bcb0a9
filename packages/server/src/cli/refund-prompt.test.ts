import assert from 'node:assert/strict'
import { afterAll, beforeAll, beforeEach, describe, it } from 'vitest'
import { runCli } from './run-cli.js'
import { openShop, type Shop } from './shop.fixture.js'

describe('npx stripe402 refund, on a screen', { timeout: 60_000 }, () => {
  let shop: Shop
  let clientId: string
  beforeAll(async () => {
    shop = await openShop('Redis')
  }, 120_000)
  afterAll(() => shop.stop())
  beforeEach(async () => {
    await shop.reset()
    clientId = (await shop.seller.topUp()).account.clientId
  })

  /** Runs it in this process; what it asked and said. */
  async function refund(
    args: string[],
    answer: string,
  ): Promise<{ code: number; asked: string[]; said: string[]; shown: string[] }> {
    const asked: string[] = []
    const shown: string[] = []
    const said: string[] = []
    const code = await runCli(['refund', clientId, ...args], shop.environment, {
      say: (line) => said.push(line),
      note: (line) => said.push(line),
      progress: (text) => shown.push(text),
      endProgress: () => {},
      ask: async (question) => {
        asked.push(question)
        return answer
      },
    })
    return { code, asked, said, shown }
  }

  it.each(['', 'n', 'no', 'yep'])('refunds nothing when the answer is "%s"', async (answer) => {
    const { code, asked, said, shown } = await refund([], answer)
    assert.deepEqual([code, asked], [0, ['Refund this? [y/N] ']])
    assert.match(shown[0] ?? '', /^refund: looking at pi_/)
    assert(said.some((line) => /planned +\$5\.00/.test(line)))
    assert.equal(said.at(-1), 'Nothing was refunded.')
    assert.deepEqual(shop.stripe.stripeLocal.state.refunds(), [])
  })

  it.each(['y', ' YES '])('refunds when the answer is "%s"', async (answer) => {
    assert.equal((await refund([], answer)).code, 0)
    assert.equal(shop.stripe.stripeLocal.state.refunds().length, 1)
  })

  it.each([['--yes'], ['-y'], ['--json']])('does not ask with %s', async (flag) => {
    assert.deepEqual((await refund([flag], 'n')).asked, [])
    assert.equal(shop.stripe.stripeLocal.state.refunds().length, 1)
  })

  it('does not ask about nothing', async () => {
    await refund(['--yes'], 'n')
    const { code, asked, said } = await refund([], 'y')
    assert.deepEqual([code, asked], [0, []])
    assert(said.includes('There is nothing to refund.'))
  })
})
