import { listen } from '@stripe402/client'
import { afterEach, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import type {} from '../../client/src/testing/seller-server.fixture.js'
import { openShop } from '../../client/src/testing/shop.fixture.js'
import './define.js'

afterEach(() => document.body.replaceChildren())

it('opens the dialog for a request that somebody clicked for, although one that nobody did is refused after it', async () => {
  document.documentElement.lang = 'en'
  const shop = openShop()
  const element = document.createElement('stripe402-paywall')
  element.loadStripe = () => new Promise(() => {})
  const button = document.createElement('button')
  button.textContent = 'Get'
  document.body.replaceChildren(button, element)
  const refused: string[] = []
  listen(element.events, 'payment-required', ({ detail }) => void refused.push(detail.url))
  // As another tab that asks.
  let end = (): void => {}
  const isAsking = new Promise<void>((onLock) => {
    void navigator.locks.request(`stripe402 ${location.origin} usd`, () => {
      onLock()
      return new Promise<void>((resolve) => {
        end = resolve
      })
    })
  })
  await isAsking

  const stop = new AbortController()
  const { signal } = stop
  const unclicked = shop.url('/gate/poll/late/poll/paid/100')
  const clicked = shop.url('/paid/100')
  fetch(unclicked, { signal }).catch(() => {})
  await shop.arrived('poll')
  button.onclick = () => void fetch(clicked, { signal }).catch(() => {})
  await page.getByRole('button', { name: 'Get' }).click()
  await expect.poll(() => refused).toEqual([clicked])
  await shop.open('poll')
  await expect.poll(() => refused).toEqual([clicked, unclicked])
  end()
  await expect.element(page.getByRole('dialog')).toBeVisible()
  stop.abort()
  await expect.element(page.getByRole('dialog')).not.toBeInTheDocument()
})
