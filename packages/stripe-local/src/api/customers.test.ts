import { describe, expect, it } from 'vitest'
import { failureOf, useStripeLocal } from '../in-process.fixture.js'

const { stripe, clock } = useStripeLocal()

describe('customers', () => {
  it('are made, read, changed and deleted', async () => {
    const made = await stripe.customers.create({
      email: 'ada@example.com',
      metadata: { client: 'c1', gone: 'x' },
    })
    expect(made).toMatchObject({ object: 'customer', email: 'ada@example.com', metadata: { client: 'c1' } })
    const changed = await stripe.customers.update(made.id, { email: '', metadata: { gone: '' }, name: 'Ada' })
    expect(changed).toMatchObject({ email: null, name: 'Ada', metadata: { client: 'c1' } })
    expect(changed.metadata).not.toHaveProperty('gone')
    expect(await stripe.customers.del(made.id)).toMatchObject({ deleted: true })
    expect(await stripe.customers.retrieve(made.id)).toMatchObject({ id: made.id, deleted: true })
    expect(await failureOf(stripe.customers.update(made.id, { name: 'x' }))).toMatchObject({
      statusCode: 404,
    })
    expect(await failureOf(stripe.customers.retrieve('cus_none'))).toMatchObject({ statusCode: 404 })
  })

  it('take a default payment method of their own only', async () => {
    const { id } = await stripe.customers.create({ payment_method: 'pm_card_visa' })
    const [own] = (await stripe.customers.listPaymentMethods(id)).data
    const settings = { invoice_settings: { default_payment_method: own?.id ?? '' } }
    const changed = await stripe.customers.update(id, {
      ...settings,
      expand: ['invoice_settings.default_payment_method'],
    })
    expect(changed.invoice_settings.default_payment_method).toMatchObject({ card: { last4: '4242' } })
    const other = await stripe.customers.create()
    expect(await failureOf(stripe.customers.update(other.id, settings))).toMatchObject({
      code: 'resource_missing',
    })
  })

  it('are found by a search a minute late', async () => {
    const { id } = await stripe.customers.create({ metadata: { client: 'c1' } })
    const query = { query: "metadata['client']:'c1'" }
    expect((await stripe.customers.search(query)).data).toEqual([])
    clock.nowMs += 59_000
    expect((await stripe.customers.search(query)).data).toEqual([])
    clock.nowMs += 1000
    expect((await stripe.customers.search(query)).data.map((customer) => customer.id)).toEqual([id])
  })
})

describe('search', () => {
  it.each([
    [`email:"ada@example.com"`, ['Ada']],
    [`email~"example"`, ['Bob', 'Ada']],
    [`-email:"ada@example.com"`, ['Bob']],
    [`metadata["n"]:"2" OR email:"ada@example.com"`, ['Bob', 'Ada']],
    [`metadata["n"]:"2" AND email:"ada@example.com"`, []],
    [`metadata["n"]:null`, ['Ada']],
  ])('understands %s', async (query, names) => {
    await stripe.customers.create({ name: 'Ada', email: 'ada@example.com' })
    await stripe.customers.create({ name: 'Bob', email: 'bob@example.com', metadata: { n: '2' } })
    clock.nowMs += 60_000
    expect((await stripe.customers.search({ query })).data.map(({ name }) => name)).toEqual(names)
  })

  it.each(['', 'ada', 'shoe:"1"', 'email:"a" AND', 'email:"a" AND name:"b" OR name:"c"'])(
    'refuses %j',
    async (query) => {
      expect(await failureOf(stripe.customers.search({ query }))).toMatchObject({
        statusCode: 400,
        param: 'query',
      })
    },
  )
})

describe('lists', () => {
  it('come newest first, page by page, in both directions', async () => {
    const ids: string[] = []
    for (let made = 0; made < 5; made += 1) {
      ids.unshift((await stripe.customers.create()).id)
      clock.nowMs += 1000
    }
    const first = await stripe.customers.list({ limit: 2 })
    expect(first).toMatchObject({ object: 'list', has_more: true, url: '/v1/customers' })
    expect(first.data.map(({ id }) => id)).toEqual(ids.slice(0, 2))
    const next = await stripe.customers.list({ limit: 2, starting_after: ids[1] ?? '' })
    expect(next.data.map(({ id }) => id)).toEqual(ids.slice(2, 4))
    const back = await stripe.customers.list({ limit: 2, ending_before: ids[3] ?? '' })
    expect(back.data.map(({ id }) => id)).toEqual(ids.slice(1, 3))
    const all = await stripe.customers.list({ limit: 2 }).autoPagingToArray({ limit: 100 })
    expect(all.map(({ id }) => id)).toEqual(ids)
  })

  it('are cut by time of creation', async () => {
    const startS = Math.floor(clock.nowMs / 1000)
    const old = await stripe.customers.create()
    clock.nowMs += 60_000
    const young = await stripe.customers.create()
    const from = await stripe.customers.list({ created: { gte: startS + 60 } })
    expect(from.data.map(({ id }) => id)).toEqual([young.id])
    const before = await stripe.customers.list({ created: { lt: startS + 60 } })
    expect(before.data.map(({ id }) => id)).toEqual([old.id])
  })

  it('refuse a cursor that is not there, and too large a page', async () => {
    expect(await failureOf(stripe.customers.list({ starting_after: 'cus_none' }))).toMatchObject({
      code: 'resource_missing',
      param: 'starting_after',
    })
    expect(await failureOf(stripe.customers.list({ limit: 101 }))).toMatchObject({
      code: 'parameter_invalid_integer',
    })
  })
})
