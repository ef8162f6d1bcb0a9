import assert from 'node:assert/strict'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { openShop, type Shop } from './shop.fixture.js'

describe('npx stripe402', { timeout: 60_000 }, () => {
  let shop: Shop
  beforeAll(async () => {
    shop = await openShop('Redis')
  }, 120_000)
  afterAll(() => shop.stop())

  it.each([
    [[], /^Usage: npx stripe402 <command>/],
    [['pay'], /no command "pay"/],
    [['balance'], /npx stripe402 balance <clientId>/],
    [['balance', 'abc'], /"abc" is not a client id/],
    [['audit', '--loca'], /Unknown option '--loca'/],
    [['audit', '--settle', 'soon'], /not a number of seconds/],
    [['reconcile', '--since', 'yesterday'], /"yesterday" is no date/],
    [['history', 'a'.repeat(64), '--limit', '0'], /not a whole number/],
    [['refund', 'a'.repeat(64), '--amount', 'much'], /--amount much is no amount/],
    [['refund', 'a'.repeat(64), '--order', 'lunch'], /add --amount/],
    [['refund', 'a'.repeat(64), '--amount', '$1', '--order', 'two words'], /"?two words"? is no order/],
  ])('ends with 2 and says how to use it: %j', async (args, expected) => {
    const { code, out, err } = await shop.run(args)
    assert.equal(code, 2)
    assert.match(out + err, expected)
  })

  it.each([
    ['STRIPE_SECRET_KEY', '', /STRIPE_SECRET_KEY.*: not set/],
    ['STRIPE_SECRET_KEY', 'pk_test_x', /STRIPE_SECRET_KEY.*must be the secret key/],
    ['SERVER_SECRET', '', /SERVER_SECRET.*: not set/],
    ['SERVER_SECRET', 'short', /SERVER_SECRET.*32 bytes/],
    ['STRIPE_API_BASE', 'nowhere', /STRIPE_API_BASE.*is not an http/],
  ])('ends with 2 when %s is "%s"', async (name, value, expected) => {
    const { code, err } = await shop.run(['audit'], { [name]: value })
    assert.equal(code, 2)
    assert.match(err, expected)
  })

  it('ends with 2 without a store, for the balances of another process are out of reach', async () => {
    const { code, err } = await shop.run(['audit'], { REDIS_URL: '', DATABASE_URL: '' })
    assert.equal(code, 2)
    assert.match(err, /REDIS_URL or DATABASE_URL: not set/)
  })

  it('helps', async () => {
    const { code, out } = await shop.run(['--help'])
    assert.equal(code, 0)
    for (const name of ['audit', 'reconcile', 'sweep', 'balance', 'history', 'refund']) {
      assert.match(out, new RegExp(`^  ${name} `, 'm'))
      const help = await shop.run([name, '--help'])
      assert.equal(help.code, 0)
      assert.match(help.out, new RegExp(`^Usage: npx stripe402 ${name}`))
    }
  })
})
