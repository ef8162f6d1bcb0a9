import type { ClientId } from '@stripe402/core'
import type { PaidRequest, PriceOptions } from '@stripe402/server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newRequestId } from './ids.fixture.js'
import { openShop, type Reply, type Shop } from './shop.fixture.js'

const byModel = (request: PaidRequest): number => (request.header('x-model') === 'large' ? 5000 : 50)

describe.each(['after-response', 'before-response'] as const)('a price by header, settled %s', (settle) => {
  let shop: Shop
  let clientId: ClientId
  /** What the handler does before it answers. */
  let work: () => Promise<void>

  beforeEach(async () => {
    work = async () => {}
    shop = await openShop((app, paywall, served) => {
      const sell = (path: string, options: Partial<PriceOptions>): void => {
        app.get(
          path,
          paywall.paymentRequired({ price: byModel, settle, ...options }),
          (request, response, next) => {
            served.push(String(request.get('x-model')))
            work().then(() => response.send('an answer'), next)
          },
        )
      }
      sell('/spent', {})
      sell('/kept', { access: '24h' })
    })
    clientId = await shop.topUp()
  })
  afterEach(() => shop.stop())

  const ask = (path: string, model: string, requestId = newRequestId()): Promise<Reply> =>
    shop.pay(path, { clientId, requestId }, { headers: { 'x-model': model } })

  it('serves nothing dear under the id of what was cheap, and the cheap once more', async () => {
    const requestId = newRequestId()
    expect((await ask('/spent', 'small', requestId)).receipt?.charged).toBe(50)
    await shop.stripe402.close()
    const dear = await ask('/spent', 'large', requestId)
    expect([dear.status, dear.challenge?.error, dear.receipt]).toEqual([402, 'invalid_payment', null])
    expect((await ask('/spent', 'small', requestId)).receipt?.charged).toBe(0)
    expect(shop.served).toEqual(['small', 'small'])
    expect((await shop.account(clientId)).spent).toBe(50)
  })

  it('serves nothing dear under the id of what is being answered', async () => {
    const requestId = newRequestId()
    let finish = (): void => {}
    const isFinished = new Promise<void>((resolve) => {
      finish = resolve
    })
    work = () => isFinished
    const cheap = ask('/spent', 'small', requestId)
    await expect.poll(() => shop.served).toEqual(['small'])
    const dear = await ask('/spent', 'large', requestId)
    finish()
    expect([dear.status, (await cheap).status]).toEqual([402, 200])
    expect(shop.served).toEqual(['small'])
    expect(await shop.account(clientId)).toMatchObject({ spent: 50, held: 0 })
  })

  it('lets an answer that failed be asked for again at another price', async () => {
    const requestId = newRequestId()
    work = () => Promise.reject(new RangeError('no'))
    expect((await ask('/spent', 'small', requestId)).status).toBe(500)
    work = async () => {}
    await shop.stripe402.close()
    expect((await ask('/spent', 'large', requestId)).receipt?.charged).toBe(5000)
    expect((await shop.account(clientId)).spent).toBe(5000)
  })

  it('gives access to what costs no more than was paid', async () => {
    const charged = async (model: string): Promise<number | undefined> => {
      const reply = await ask('/kept', model)
      await shop.stripe402.close()
      return reply.receipt?.charged
    }
    expect(await charged('small')).toBe(50)
    expect(await charged('small')).toBe(0)
    expect(await charged('large')).toBe(5000)
    expect([await charged('large'), await charged('small')]).toEqual([0, 0])
  })
})
