import assert from 'node:assert/strict'
import { afterAll, beforeAll, beforeEach, describe, it } from 'vitest'
import type { AccountKey } from '../store.js'
import { captureOne, holdOf, someAccount } from '../testing/contract/subject.js'
import { openShop, type Shop } from './shop.fixture.js'

describe.each(['Redis', 'PostgreSQL'] as const)('npx stripe402, over %s', { timeout: 60_000 }, (kind) => {
  let shop: Shop
  let account: AccountKey
  let paymentIntentId: string
  beforeAll(async () => {
    shop = await openShop(kind)
  }, 120_000)
  afterAll(() => shop.stop())
  beforeEach(async () => {
    await shop.reset()
    const paid = await shop.seller.topUp()
    account = paid.account
    paymentIntentId = paid.paymentIntentId
    const spent = holdOf(account, { units: 20_000, resource: 'GET /api/weather' })
    await shop.seller.store.hold(spent)
    await captureOne(shop.seller.store, spent)
  })

  it('says what a client has, with amounts in columns', async () => {
    const { code, out } = await shop.run(['balance', account.clientId])
    assert.equal(code, 0)
    assert.deepEqual(out.split('\n'), [
      '     available   held  spent  credited  debited',
      'usd      $3.00  $0.00  $2.00     $5.00    $0.00',
      '',
    ])
    const json = await shop.run(['balance', account.clientId, '--json'])
    assert.deepEqual(JSON.parse(json.out), {
      clientId: account.clientId,
      accounts: [await shop.seller.store.account(account)],
    })
    const stranger = await shop.run(['balance', someAccount().clientId])
    assert.deepEqual([stranger.code, stranger.out], [0, 'This client has no account.\n'])
  })

  it('tells the history, newest first, every line of it as JSON lines', async () => {
    const { code, out } = await shop.run(['history', account.clientId])
    assert.equal(code, 0)
    const [spend = '', topUp = ''] = out.split('\n')
    assert.match(spend, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}spend {4}-\$2\.00 {2}GET \/api\/weather$/)
    assert.match(topUp, new RegExp(`  top_up {4}\\$5\\.00  ${paymentIntentId}$`))
    const json = await shop.run(['history', account.clientId, '--json'])
    const lines = json.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const entries = await shop.seller.store.history(account, { limit: 10 })
    assert.deepEqual(
      lines,
      entries.map((entry) => ({ currency: 'usd', ...entry })),
    )
    const limited = await shop.run([
      'history',
      account.clientId,
      '--json',
      '--limit',
      '1',
      '--currency',
      'USD',
    ])
    assert.equal(limited.out.trim().split('\n').length, 1)
    assert.equal(
      (await shop.run(['history', account.clientId, '--currency', 'eur'])).out,
      'This client has no account in EUR, but in USD.\n',
    )
  })

  it('shows no control character that somebody asked for', async () => {
    const wish = holdOf(account, { units: 1, resource: 'GET /\u001b[2J\u202e' })
    await shop.seller.store.hold(wish)
    await captureOne(shop.seller.store, wish)
    const { out } = await shop.run(['history', account.clientId, '--limit', '1'])
    assert.match(out, /GET \/\?\[2J\?\n$/)
  })

  it('audits both sides and ends with 0 when they agree, with 1 on a break', async () => {
    const good = await shop.run(['audit'])
    assert.equal(good.code, 0)
    assert.match(good.out, /^usd +\$5\.00 +\$0\.00 +\$3\.00 +\$0\.00 +\$2\.00$/m)
    assert.match(good.out, /1 account, 0 breaks\n$/)
    const stranger = someAccount()
    await shop.seller.store.credit({ ...stranger, paymentIntentId: 'pi_free', units: 5, purchaseId: null })
    const bad = await shop.run(['audit', '--settle', '0'])
    assert.equal(bad.code, 1)
    assert.match(bad.out, new RegExp(`^BREAK credited_not_charged ${stranger.clientId} usd: credited 5`, 'm'))
    const json = await shop.run(['audit', '--settle', '0', '--json'])
    assert.equal(json.code, 1)
    const report = JSON.parse(json.out)
    assert.deepEqual([report.ok, report.breaks.length, report.stripe.usd.charged], [false, 1, 50_000])
    // By its own rules the store is sound.
    assert.equal((await shop.run(['audit', '--local'])).code, 0)
  })

  it('writes down what no webhook told', async () => {
    shop.stripe.stripeLocal.refund(paymentIntentId, { amountMinor: 100 })
    assert.match((await shop.run(['audit', '--settle', '0'])).out, /^What .* npx stripe402 reconcile/m)
    const { code, out } = await shop.run(['reconcile', '--since', '1d'])
    assert.equal(code, 0)
    assert.match(out, new RegExp(`^refund re_\\w+ \\$1\\.00 ${account.clientId}$`, 'm'))
    assert.match(out, /^refunds: 1 compared, 1 written down \(made since \d{4}-/m)
    assert.equal((await shop.seller.store.account(account)).debited, 10_000)
    const again = await shop.run(['reconcile', '--json'])
    assert.deepEqual(JSON.parse(again.out).repaired, { payments: 0, refunds: 0, disputes: 0 })
  })

  it('rebuilds a store that lost its data', async () => {
    await shop.wipe()
    const lost = await shop.run(['sweep'])
    assert.equal(lost.code, 1)
    assert.match(lost.err, /npx stripe402 reconcile/)
    const empty = await shop.run(['balance', account.clientId])
    assert.deepEqual([empty.code, empty.out], [0, 'This client has no account.\n'])
    assert.match(empty.err, /blank/)
    assert.match((await shop.run(['audit', '--settle', '0'])).out, /npx stripe402 reconcile --rebuild/)
    const asked = await shop.run(['reconcile'])
    assert.deepEqual([asked.code, asked.out], [1, ''])
    assert.match(asked.err, /reconcile --rebuild/)
    const { code, out } = await shop.run(['reconcile', '--rebuild'])
    assert.equal(code, 0)
    assert.match(out, /complete now/)
    assert.equal((await shop.run(['audit'])).code, 0)
    assert.equal((await shop.seller.store.account(account)).available, 50_000)
    assert.equal((await shop.run(['sweep'])).code, 0)
  })

  it.runIf(kind === 'PostgreSQL')(
    'writes no second ledger into a schema that is not its server’s',
    async () => {
      const elsewhere = { DATABASE_SCHEMA: '' }
      for (const args of [['reconcile'], ['sweep'], ['refund', account.clientId, '--yes'], ['reconcile']]) {
        const { code, err } = await shop.run(args, elsewhere)
        assert.equal(code, 1)
        assert.match(err, /blank.*DATABASE_SCHEMA/)
      }
      assert.match((await shop.run(['balance', account.clientId], elsewhere)).out, /no account/)
      assert.equal((await shop.run(['reconcile'])).code, 0)
      assert.equal((await shop.seller.store.account(account)).available, 30_000)
    },
  )

  it('names the currencies that a client has where it has none in the one that is asked for', async () => {
    const { code, out } = await shop.run(['history', account.clientId, '--currency', 'eur'])
    assert.deepEqual([code, out], [0, 'This client has no account in EUR, but in USD.\n'])
  })

  it('sweeps', async () => {
    const { code, out } = await shop.run(['sweep', '--json'])
    assert.equal(code, 0)
    assert.deepEqual(JSON.parse(out), {
      purchasesFinished: 0,
      purchasesStillOpen: 0,
      purchasesUnknown: 0,
      holdsReleased: 0,
    })
  })

  it('refunds what is unspent, once', async () => {
    const dry = await shop.run(['refund', account.clientId, '--dry-run'])
    assert.equal(dry.code, 0)
    assert.match(dry.out, new RegExp(`^${paymentIntentId}  planned  \\$3\\.00$`, 'm'))
    assert.deepEqual(shop.stripe.stripeLocal.state.refunds(), [])
    const part = await shop.run(['refund', account.clientId, '--amount', '1'])
    assert.equal(part.code, 0)
    assert.match(part.out, /^\$2\.00 left$/m)
    const [, order = ''] = /^To run this refund again, add: --order (\S+)$/m.exec(part.err) ?? []
    const again = await shop.run(['refund', account.clientId, '--amount', '1', '--order', order])
    assert.deepEqual([again.code, again.out], [0, 'There is nothing to refund.\n$2.00 left\n'])
    const rest = await shop.run(['refund', account.clientId, '--json'])
    assert.equal(rest.code, 0)
    const report = JSON.parse(rest.out)
    assert.deepEqual([report.isCertain, report.parts[0].units], [true, 20_000])
    const none = await shop.run(['refund', account.clientId])
    assert.deepEqual([none.code, none.out], [0, 'There is nothing to refund.\n$0.00 left\n'])
    assert.deepEqual(
      shop.stripe.stripeLocal.state.refunds().map(({ amount }) => amount),
      [100, 200],
    )
    assert.equal((await shop.run(['audit'])).code, 0)
  })

  it('ends with 1 when a refund is refused, or its outcome is not known', async () => {
    const { stripeLocal } = shop.stripe
    stripeLocal.dispute(paymentIntentId)
    const refused = await shop.run(['refund', account.clientId])
    assert.equal(refused.code, 1)
    assert.match(refused.out, /the payment is disputed/)
    const { account: other } = await shop.seller.topUp({
      paymentMethodId: 'pm_card_mastercard',
      topUpAmount: 50_000,
    })
    stripeLocal.faults.add({
      method: 'POST',
      path: '/v1/refunds',
      kind: 'status',
      status: 500,
      times: 'always',
    })
    const unknown = await shop.run(['refund', other.clientId])
    assert.equal(unknown.code, 1)
    assert.match(unknown.out, /run it again in ten minutes/)
  })

  it('says that the store cannot be reached, soon, and not with which password', async () => {
    const url = kind === 'Redis' ? 'redis://:hunter2@127.0.0.1:1' : 'postgres://shop:hunter2@127.0.0.1:1/shop'
    const { code, err } = await shop.run(
      ['audit'],
      kind === 'Redis' ? { REDIS_URL: url } : { DATABASE_URL: url },
    )
    assert.equal(code, 2)
    assert.match(err, /did not answer|broke/)
    assert.doesNotMatch(err, /hunter2/)
  })

  it('says that Stripe cannot be asked, or that the key is wrong, and ends with 2', async () => {
    shop.stripe.stripeLocal.faults.add({ kind: 'status', status: 500, times: 'always' })
    const down = await shop.run(['audit'])
    assert.deepEqual([down.code, down.out], [2, ''])
    assert.match(down.err, /Stripe could not be asked/)
    shop.stripe.stripeLocal.faults.clear()
    const wrong = await shop.run(['audit'], { STRIPE_SECRET_KEY: 'sk_test_somebody_else' })
    assert.equal(wrong.code, 2)
    assert.equal(wrong.err, 'stripe402: Stripe does not accept STRIPE_SECRET_KEY.\n')
  })

  it('prints no secret', async () => {
    const runs = [
      ['balance', account.clientId],
      ['history', account.clientId, '--json'],
      ['audit', '--json'],
      ['reconcile', '--json'],
    ]
    for (const args of runs) {
      const { out, err } = await shop.run(args)
      for (const secret of Object.values(shop.environment)) assert.equal((out + err).includes(secret), false)
    }
  })
})
