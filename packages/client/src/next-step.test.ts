import { type ClientId, isClientId } from '@stripe402/core'
import { describe, expect, test } from 'vitest'
import { type JudgedOffer, nextStep } from './next-step.js'

const clientId = toClientId('a'.repeat(64))

function toClientId(text: string): ClientId {
  if (!isClientId(text)) throw new Error('64 hexadecimal digits are a client id')
  return text
}

function offer(change: Partial<JudgedOffer> = {}): JudgedOffer {
  return {
    currency: 'usd',
    amount: 100,
    answer: 'spend',
    isNewKey: false,
    clientId,
    isTried: false,
    ...change,
  }
}
const spend = { type: 'spend', clientId, currency: 'usd' }
const ask = (reason: string, ...currencies: string[]): object => ({ type: 'ask', reason, currencies })

describe('nextStep', () => {
  test.each<[string, JudgedOffer[], object]>([
    ['spends credit where the policy says so', [offer()], spend],
    ['asks where there is none', [offer({ clientId: undefined })], ask('payment', 'usd')],
    ['asks where it was short', [offer({ isTried: true })], ask('payment', 'usd')],
    ['has a dear price confirmed', [offer({ answer: 'ask' })], ask('confirm', 'usd')],
    ['refuses a price that is not allowed', [offer({ answer: 'refuse' })], { type: 'refuse' }],
    [
      'never spends in a currency that is refused',
      [offer({ currency: 'eur', answer: 'refuse' }), offer({ clientId: undefined })],
      ask('payment', 'usd'),
    ],
    [
      'tries the next account after the first was short',
      [offer({ currency: 'eur', isTried: true }), offer()],
      spend,
    ],
    [
      'spends what needs no answer before it asks',
      [offer({ currency: 'eur', answer: 'ask' }), offer()],
      spend,
    ],
    [
      'asks first about the currency whose credit waits for a yes',
      [offer({ currency: 'eur', clientId: undefined }), offer({ answer: 'ask' })],
      ask('confirm', 'usd', 'eur'),
    ],
  ])('%s', (_name, offers, step) => {
    expect(nextStep(offers, undefined)).toEqual(step)
  })

  test.each<[string, number, string, object]>([
    ['holds for the price that was seen', 100, 'usd', spend],
    ['holds for a cheaper one', 101, 'usd', spend],
    ['does not hold for a dearer one', 99, 'usd', ask('confirm', 'usd')],
    ['does not hold for another currency', 100, 'eur', ask('confirm', 'usd')],
  ])('takes a yes for what it was said to: it %s', (_name, units, currency, step) => {
    expect(nextStep([offer({ answer: 'ask' })], { units, currency })).toEqual(step)
  })

  test('takes no yes for a price that the policy refuses', () => {
    const step = nextStep([offer({ answer: 'refuse' })], { units: 100, currency: 'usd' })
    expect(step).toEqual({ type: 'refuse' })
  })
})
