import type { PaymentContext } from '@stripe402/client'
import type { PaymentRequired } from '@stripe402/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import './define.js'
import type { CloseEvent, Stripe402Paywall } from './index.js'

const challenge: PaymentRequired = {
  stripe402Version: 1,
  resource: { url: '/api/weather', description: 'Weather <b>here</b>' },
  accepts: [
    {
      scheme: 'stripe',
      currency: 'usd',
      amount: 500,
      minTopUp: 50_000,
      maxTopUp: 500_000,
      topUpOptions: [50_000, 100_000],
      publishableKey: 'pk_test_a',
      payee: { name: 'Forecast' },
    },
  ],
}
let sessions = 0

function context(signal: AbortSignal = new AbortController().signal): PaymentContext {
  return {
    id: `session-${++sessions}`,
    origin: 'https://forecast.example',
    currency: 'usd',
    url: 'https://forecast.example/api/weather',
    method: 'GET',
    signal,
    attempt: 1,
    savedCard: async () => null,
    reason: 'payment',
  }
}

/** A paywall whose Stripe.js never comes: what is tested here needs no card. */
function paywall(loadStripe: () => Promise<null> = () => new Promise(() => {})): Stripe402Paywall {
  const element = document.createElement('stripe402-paywall')
  element.manual = true
  element.prompt = 'dialog'
  element.loadStripe = loadStripe
  return element
}

const dialog = page.getByRole('dialog', { name: 'Pay Forecast' })
let element: Stripe402Paywall
let opener: HTMLButtonElement

/** What has the focus inside the element: matchers look at the document only. */
const focused = (): Element | null | undefined => element.shadowRoot?.activeElement

beforeEach(() => {
  document.documentElement.lang = 'en'
  document.body.innerHTML = '<button id="opener">Get</button><p id="before">Before</p>'
  element = paywall()
  document.body.append(element)
  const found = document.querySelector('button')
  if (found) opener = found
  opener.focus()
})
afterEach(() => {
  document.body.replaceChildren()
})

describe('<stripe402-paywall>', () => {
  it('says who is paid, by whom it is asked, what for, and what it costs', async () => {
    void element.payer(challenge, context())
    await expect.element(dialog).toBeVisible()
    for (const text of ['forecast.example', 'Weather <b>here</b>', '$0.05'])
      await expect.element(dialog.getByText(text, { exact: true })).toBeVisible()
    await expect.element(dialog.getByRole('radio', { name: '$5.00' })).toBeChecked()
    await expect.element(dialog.getByText('about 100 requests')).toBeVisible()
  })

  it('answers null, gives the focus back and frees the page when the person cancels', async () => {
    const closed = new Promise<CloseEvent>((resolve) => element.addEventListener('stripe402-close', resolve))
    const choice = element.payer(challenge, context())
    await expect.element(dialog).toBeVisible()
    expect(opener.inert).toBe(true)
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    expect(await choice).toBeNull()
    expect((await closed).reason).toBe('cancelled')
    expect(opener.inert).toBe(false)
    expect(document.activeElement).toBe(opener)
  })

  it('cancels on Escape', async () => {
    const choice = element.payer(challenge, context())
    await expect.element(dialog).toBeVisible()
    await expect.poll(focused).toBe(dialog.element())
    await userEvent.keyboard('{Escape}')
    expect(await choice).toBeNull()
  })

  it('keeps the focus going round inside the dialog', async () => {
    void element.payer(challenge, context())
    await expect.element(dialog).toBeVisible()
    await expect.poll(focused).toBe(dialog.element())
    await userEvent.tab({ shift: true })
    await expect.poll(focused).toBe(dialog.getByRole('button', { name: 'Pay $5.00' }).element())
    await userEvent.tab()
    await expect.poll(focused).toBe(dialog.getByRole('button', { name: 'Close' }).element())
  })

  it('leaves what comes after it opened usable: that is where Stripe puts the bank', async () => {
    void element.payer(challenge, context())
    await expect.element(dialog).toBeVisible()
    const later = document.createElement('div')
    document.body.append(later)
    expect(later.inert).toBe(false)
    expect(document.getElementById('before')?.inert).toBe(true)
  })

  it('opens nothing when the page says it will handle the payment', async () => {
    element.addEventListener('stripe402-payment-required', (event) => event.preventDefault())
    expect(await element.payer(challenge, context())).toBeNull()
    expect(element.shadowRoot?.querySelector('[role=dialog]')).toBeNull()
  })

  it('closes when nobody waits for the payment any more', async () => {
    const abort = new AbortController()
    void element.payer(challenge, context(abort.signal))
    await expect.element(dialog).toBeVisible()
    abort.abort()
    await expect.element(dialog).not.toBeInTheDocument()
  })

  it('asks for one payment after the other', async () => {
    const first = element.payer(challenge, context())
    const second = element.payer(challenge, context())
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    expect(await first).toBeNull()
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    expect(await second).toBeNull()
  })

  it('says in plain words that Stripe is held back, and tries again', async () => {
    let tries = 0
    element.loadStripe = async () => {
      tries++
      return null
    }
    void element.payer(challenge, context())
    await expect.element(dialog.getByRole('alert')).toHaveTextContent('The card form did not load')
    await dialog.getByRole('button', { name: 'Try again' }).click()
    await expect.poll(() => tries).toBe(2)
  })

  it('follows the amount, the person’s own included', async () => {
    void element.payer(challenge, context())
    await dialog.getByRole('radio', { name: 'Other' }).click()
    const field = dialog.getByRole('textbox', { name: 'Your amount' })
    await field.fill('7.')
    await expect.element(dialog.getByRole('button', { name: 'Pay $7.00' })).toBeVisible()
    expect(dialog.getByRole('alert').query()).toBeNull()
    await field.fill('7.5')
    await expect.element(dialog.getByRole('button', { name: 'Pay $7.50' })).toBeVisible()
    await expect.element(dialog.getByText('$7.45')).toBeVisible()
  })

  it.each(['', '1', '999', 'five'])(
    'says the range as an alert and goes back to the field when Pay is pressed with the amount %j',
    async (text) => {
      void element.payer(challenge, context())
      await dialog.getByRole('radio', { name: 'Other' }).click()
      const field = dialog.getByRole('textbox', { name: 'Your amount' })
      if (text) await field.fill(text)
      await dialog.getByRole('button', { name: 'Pay', exact: true }).click({ force: true })
      await expect.element(dialog.getByRole('alert')).toHaveTextContent('From $5.00 to $50.00')
      await expect.element(field).toHaveAttribute('aria-invalid', 'true')
      expect(focused()).toBe(field.element())
      await field.fill('７．５')
      await expect.element(dialog.getByRole('alert')).not.toBeInTheDocument()
      await expect.element(dialog.getByRole('button', { name: 'Pay $7.50' })).toBeVisible()
    },
  )

  it('says the range as an alert when the person leaves the field of their own amount too early', async () => {
    void element.payer(challenge, context())
    await dialog.getByRole('radio', { name: 'Other' }).click()
    await dialog.getByRole('textbox', { name: 'Your amount' }).fill('1')
    expect(dialog.getByRole('alert').query()).toBeNull()
    await userEvent.tab()
    await expect.element(dialog.getByRole('alert')).toHaveTextContent('From $5.00 to $50.00')
  })

  it('has the focus in the dialog when it can only say that nothing can be paid', async () => {
    const [requirement] = challenge.accepts
    if (!requirement) throw new Error('No offer.')
    const dear = { ...requirement, amount: 99_999_999_999, maxTopUp: undefined }
    void element.payer({ ...challenge, accepts: [dear] }, context())
    await expect.element(dialog.getByRole('alert')).toHaveTextContent('more than a card can pay')
    expect(focused()).toBe(dialog.element())
  })

  it('reflects confirm as a property, one that was set before it was defined included', () => {
    expect(element.confirm).toBe(false)
    element.confirm = true
    expect(element.hasAttribute('confirm')).toBe(true)
    element.confirm = false
    expect(element.hasAttribute('confirm')).toBe(false)
  })

  it('speaks the language of the page', async () => {
    document.documentElement.lang = 'de-CH'
    void element.payer(challenge, context())
    await expect.element(page.getByRole('dialog', { name: 'Forecast bezahlen' })).toBeVisible()
    document.documentElement.lang = 'ar'
    await expect.element(page.getByRole('dialog')).toHaveAttribute('dir', 'rtl')
  })

  it('puts the card’s node into the document however deep it stands in shadow roots, and takes it back', async () => {
    const outer = document.createElement('div')
    const inner = document.createElement('div')
    outer.attachShadow({ mode: 'open' }).append(inner)
    const deep = paywall()
    inner.attachShadow({ mode: 'closed' }).append(deep)
    outer.shadowRoot?.append(document.createElement('slot'))
    document.body.append(outer)
    void deep.payer(challenge, context())
    await expect.poll(() => outer.querySelector('form')?.getRootNode()).toBe(document)
    const node = outer.querySelector('form')
    const shown = (): Element[] | undefined =>
      deep.shadowRoot?.querySelector<HTMLSlotElement>('slot[name=card]')?.assignedElements({ flatten: true })
    await expect.poll(shown).toEqual([node])
    deep.remove()
    expect(outer.querySelector('form')).toBeNull()
  })

  it('answers null when it is removed while the person chooses', async () => {
    const choice = element.payer(challenge, context())
    await expect.element(dialog).toBeVisible()
    element.remove()
    expect(await choice).toBeNull()
    expect(opener.inert).toBe(false)
  })
})
