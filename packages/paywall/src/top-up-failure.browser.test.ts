import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import './define.js'
import type { PaywallErrorEvent, Stripe402Balance, Stripe402Paywall } from './index.js'

// Nobody listens there.
const DEAD = 'http://127.0.0.1:9'
let paywall: Stripe402Paywall
let errors: PaywallErrorEvent[]
document.addEventListener('stripe402-error', (event) => errors.push(event))

beforeEach(() => {
  // An account that another file has left at this origin would be shown instead of "Top up".
  localStorage.clear()
  document.documentElement.lang = 'en'
  paywall = document.createElement('stripe402-paywall')
  paywall.manual = true
  document.body.append(paywall)
  errors = []
})
afterEach(() => document.body.replaceChildren())

const notice = page.getByRole('region', { name: 'The payment did not go through' })

function balance(origin: string, root: ParentNode & Node = document.body): Stripe402Balance {
  const element = document.createElement('stripe402-balance')
  element.origin = origin
  root.append(element)
  return element
}

describe('<stripe402-balance> whose top-up cannot be asked for', () => {
  it('says that the connection was lost, once per press, and emits an error', async () => {
    balance(DEAD)
    await page.getByRole('button', { name: 'Top up' }).click()
    await expect.element(notice.getByRole('alert')).toHaveTextContent('The connection was lost.')
    expect(errors).toHaveLength(1)
    await notice.getByRole('button', { name: 'Close' }).click()
    await expect.element(notice).not.toBeInTheDocument()
  })

  it('says that payments are not available where the server has no top-up', async () => {
    balance(location.origin)
    await page.getByRole('button', { name: 'Top up' }).click()
    await expect.element(notice.getByRole('alert')).toHaveTextContent('Payments are not available')
    expect(errors).toHaveLength(1)
  })

  it('makes no paywall for a name that nobody has, and finds one in its own shadow root', async () => {
    const element = balance(DEAD)
    element.for = 'nobody'
    await page.getByRole('button', { name: 'Top up' }).click()
    await expect.element(notice).toBeVisible()
    expect(document.querySelectorAll('stripe402-paywall')).toHaveLength(1)
    element.remove()

    const host = document.createElement('div')
    const root = host.attachShadow({ mode: 'open' })
    document.body.append(host)
    const own = document.createElement('stripe402-paywall')
    own.id = 'own'
    own.manual = true
    root.append(own)
    balance(DEAD, root).for = 'own'
    await page.getByRole('button', { name: 'Top up' }).click()
    await expect.poll(() => own.shadowRoot?.querySelector('[role=alert]')?.textContent).toContain('lost')
  })
})

describe('<stripe402-paywall> that a command asks for a top-up', () => {
  it('says that the connection was lost, and rejects for a script that asks', async () => {
    await expect(paywall.topUp(DEAD)).rejects.toBeInstanceOf(TypeError)
    await expect.element(notice.getByRole('alert')).toHaveTextContent('The connection was lost.')
  })
})
