import { HEADERS, type Payment, serializePayment } from '@stripe402/core'
import { createStripeLocal } from '@stripe402/stripe-local'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { deriveClientId } from '../client-id.js'
import { signSession } from '../proof/session-token.js'
import type { Answer } from '../refusal.js'
import { openSeller, type Seller } from '../seller.fixture.js'
import { MemoryStore } from '../store/index.js'
import { somePurchaseId } from '../testing/contract/subject.js'
import type { Limits } from './limits.js'

const TOP_UP = '/.well-known/stripe402/top-up'
/** https://docs.stripe.com/testing#declined-payments */
const DECLINED = [
  'pm_card_visa_chargeDeclined',
  'pm_card_visa_chargeDeclinedInsufficientFunds',
  'pm_card_visa_chargeDeclinedLostCard',
  'pm_card_visa_chargeDeclinedStolenCard',
  'pm_card_chargeDeclinedExpiredCard',
  'pm_card_chargeDeclinedIncorrectCvc',
  'pm_card_chargeDeclinedProcessingError',
  'pm_card_visa_chargeDeclinedVelocityLimitExceeded',
]
const WORKING = ['visa_debit', 'mastercard', 'amex', 'discover', 'diners', 'jcb', 'unionpay']
const FIRST = 'pm_card_chargeDeclinedInsufficientFunds'
const HOUR = 3_600_000

let nowMs: number
let seller: Seller

beforeEach(() => open())
afterEach(() => seller.close())

function open(limits: Partial<Limits> = {}, challenge: () => boolean = () => true): void {
  nowMs = Date.UTC(2026, 0, 1)
  const clock = (): number => nowMs
  seller = openSeller({
    stripeLocal: createStripeLocal({ clock }),
    store: new MemoryStore({ clock }),
    runtime: { now: clock, sleep: async () => {} },
    // One card stands for many here.
    limits: {
      declinesPerCard: { most: 1000, withinMs: HOUR },
      attemptsPerAccount: { most: 1000, withinMs: HOUR },
      attemptsInAll: { most: 1000, withinMs: 1000 },
      ...limits,
    },
    challenge,
  })
}

type Wish = Omit<Payment, 'stripe402Version'>

function buy(wish: Wish, address: string): Promise<Answer> {
  const header = serializePayment({ topUpAmount: 50_000, purchaseId: somePurchaseId(), ...wish })
  return seller.stripe402.topUp({
    method: 'POST',
    url: TOP_UP,
    header: (name) => (name === HEADERS.PAYMENT ? header : undefined),
    address: () => address,
  })
}

/** A token such as the holder of a card has once a key is bound to the account. */
async function sessionOf(paymentMethodId: string): Promise<string> {
  const { settings } = seller.stripe402
  const { card } = await seller.stripe.paymentMethods.retrieve(paymentMethodId)
  const clientId = deriveClientId(card?.fingerprint ?? '', settings.secrets[0])
  return signSession(settings, {
    clientId,
    currency: 'usd',
    era: 1,
    thumbprint: 'of-a-key-that-is-bound',
    ceilingUnits: 50_000,
  })
}

function declineOf({ body }: Answer): unknown {
  return JSON.parse(body).decline?.code
}

describe('a decline', () => {
  it('tells an honest address once what its bank said', async () => {
    for (const [at, code] of ['insufficient_funds', 'incorrect_cvc', 'expired_card'].entries()) {
      const name = code.replace(/(^|_)(\w)/g, (_match, _line, letter: string) => letter.toUpperCase())
      expect(declineOf(await buy({ paymentMethodId: `pm_card_chargeDeclined${name}` }, `10.0.0.${at}`))).toBe(
        code,
      )
    }
  })

  it('looks like every other to whoever tries a second card: status, headers and body, whatever the bank said', async () => {
    const answers: Answer[] = []
    for (const [at, paymentMethodId] of DECLINED.entries()) {
      const address = `10.0.1.${at}`
      await buy({ paymentMethodId: FIRST }, address)
      answers.push(await buy({ paymentMethodId }, address))
    }
    const [first] = answers
    expect([first?.status, first && declineOf(first)]).toEqual([402, 'generic_decline'])
    for (const answer of answers) expect(answer).toEqual(first)
  })

  it('keeps its reason when its purchase is asked about again', async () => {
    const purchaseId = somePurchaseId()
    await buy({ paymentMethodId: 'pm_card_chargeDeclined' }, '10.0.2.1')
    await buy({ paymentMethodId: FIRST, purchaseId }, '10.0.2.1')
    expect(declineOf(await buy({ paymentMethodId: FIRST, purchaseId }, '10.0.2.1'))).toBe('generic_decline')
    expect(declineOf(await buy({ purchaseId }, '10.0.2.1'))).toBe('generic_decline')
    const tag = seller.stripe402.priceTag({ price: 100 })
    const header = serializePayment({ purchaseId })
    const asked = await seller.stripe402.authorize(
      {
        method: 'GET',
        url: '/x',
        header: (name) => (name === HEADERS.PAYMENT ? header : undefined),
        address: () => '10.0.2.1',
      },
      tag,
    )
    expect(asked.type === 'refused' && declineOf(asked.answer)).toBe('generic_decline')
  })

  it('is told again after an hour, and at once to a session of the account that the card belongs to', async () => {
    const session = await sessionOf(FIRST)
    await buy({ paymentMethodId: FIRST }, '10.0.3.1')
    expect(declineOf(await buy({ paymentMethodId: FIRST }, '10.0.3.1'))).toBe('generic_decline')
    nowMs += 60_000
    expect(declineOf(await buy({ paymentMethodId: FIRST, session }, '10.0.3.2'))).toBe('insufficient_funds')
    expect(declineOf(await buy({ paymentMethodId: FIRST, session }, '10.0.3.2'))).toBe('insufficient_funds')
    nowMs += HOUR
    expect(declineOf(await buy({ paymentMethodId: FIRST }, '10.0.3.1'))).toBe('insufficient_funds')
  })

  it('is told to no session of another account', async () => {
    const session = await sessionOf('pm_card_visa')
    await buy({ paymentMethodId: FIRST }, '10.0.7.1')
    expect(declineOf(await buy({ paymentMethodId: FIRST, session }, '10.0.7.1'))).toBe('generic_decline')
  })

  it('tells nobody anything while cards are being tested', async () => {
    const codes: unknown[] = []
    for (let at = 0; at < 30; at += 1)
      codes.push(declineOf(await buy({ paymentMethodId: FIRST }, `10.0.4.${at}`)))
    expect(codes.filter((code) => code !== 'generic_decline')).toHaveLength(19)
    expect(codes.slice(19)).toEqual(Array(11).fill('generic_decline'))
  })
})

describe('a payer who is known by name', () => {
  it('passes the open breaker three times in ten minutes, not ten thousand', async () => {
    await seller.close()
    open({ attemptsPerAccount: { most: 3, withinMs: 600_000 } }, () => false)
    const { account } = await seller.topUp()
    for (let at = 0; at < 24; at += 1) await buy({ paymentMethodId: DECLINED[at % 8] ?? '' }, `10.0.5.${at}`)
    const { clientId } = account
    const statuses: number[] = []
    for (const [at, name] of WORKING.entries())
      statuses.push((await buy({ paymentMethodId: `pm_card_${name}`, clientId }, `10.0.6.${at}`)).status)
    expect(statuses.filter((status) => status !== 429)).toHaveLength(3)
  })
})
