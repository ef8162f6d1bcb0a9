import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import './define.js'
import type { Stripe402Paywall } from './index.js'
import { challengeOf, mountQuietPaywall, newContext } from './testing/asking.fixture.js'

const cancel = page.getByRole('dialog', { name: 'Pay Forecast' }).getByRole('button', { name: 'Cancel' })
let element: Stripe402Paywall
let closed: Event[]

beforeEach(() => {
  element = mountQuietPaywall()
  closed = []
})
afterEach(() => document.body.replaceChildren())

/** Opens a modal dialog with a button that has the focus. */
function openModal(root: ParentNode & Node = document.body): HTMLDialogElement {
  const dialog = document.createElement('dialog')
  dialog.append(document.createElement('button'))
  dialog.addEventListener('close', (event) => closed.push(event))
  root.append(dialog)
  dialog.showModal()
  return dialog
}

async function ask(): Promise<void> {
  void element.payer(challengeOf(), newContext())
  await expect.element(cancel).toBeVisible()
}

describe('<stripe402-paywall> in a page with modal dialogs of its own', () => {
  it('puts them back one above the other, one in a shadow root too, and none of them has closed', async () => {
    const host = document.createElement('div')
    document.body.append(host)
    const lower = openModal(host.attachShadow({ mode: 'open' }))
    const upper = openModal()
    await ask()
    await cancel.click()
    await expect.poll(() => [lower, upper].map((dialog) => dialog.matches(':modal'))).toEqual([true, true])
    expect(document.activeElement).toBe(upper.firstElementChild)
    // What is below is out of reach.
    lower.querySelector('button')?.focus()
    expect(document.activeElement).toBe(upper.firstElementChild)
    expect(closed).toEqual([])
  })

  it('leaves one closed that the page has closed meanwhile', async () => {
    const dialog = openModal()
    await ask()
    const hasClosed = new Promise((resolve) => dialog.addEventListener('close', resolve))
    dialog.close()
    await hasClosed
    await cancel.click()
    await expect.poll(() => document.querySelector('[inert]')).toBeNull()
    expect(dialog.open).toBe(false)
  })
})
