import { afterEach, describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import type {} from '../../client/src/testing/seller-server.fixture.js'
import { openShop, type ShopFixture } from '../../client/src/testing/shop.fixture.js'
import './define.js'

/** What a shop was asked for, without what its tests ask. */
const askedOf = async (shop: ShopFixture): Promise<string[]> => (await shop.seen()).map(({ url }) => url)

/** Puts an inline paywall into the page as a parser does: upgraded with its attributes. */
function parsePaywall(src: string): HTMLElement {
  document.body.innerHTML = `<div></div><stripe402-paywall src="${src}" origins="https://api.example" manual><p>Teaser</p></stripe402-paywall>`
  const element = document.querySelector('stripe402-paywall')
  if (!element) throw new Error('There is no paywall.')
  return element
}

afterEach(() => {
  document.body.replaceChildren()
})

describe('<stripe402-paywall src>', () => {
  it('asks once when it is upgraded', async () => {
    const shop = openShop()
    parsePaywall(shop.url('/joke'))
    await expect.element(page.getByText('Why was six afraid')).toBeVisible()
    expect(await askedOf(shop)).toEqual(['/joke'])
  })

  it('does not ask, and pay, again for what it shows when it is moved', async () => {
    const shop = openShop()
    const element = parsePaywall(shop.url('/joke'))
    await expect.element(page.getByText('Why was six afraid')).toBeVisible()
    const before = await askedOf(shop)
    document.querySelector('div')?.append(element)
    await askedOf(shop)
    document.body.append(element)
    await askedOf(shop)
    expect(await askedOf(shop)).toEqual(before)
    await expect.element(page.getByText('Why was six afraid')).toBeVisible()
  })

  it('asks again when it was moved before the answer came', async () => {
    const shop = openShop()
    const element = parsePaywall(shop.url('/joke'))
    document.querySelector('div')?.append(element)
    await expect.element(page.getByText('Why was six afraid')).toBeVisible()
  })

  it('asks for the same once more after its src was taken away', async () => {
    const shop = openShop()
    const element = parsePaywall(shop.url('/joke'))
    await expect.element(page.getByText('Why was six afraid')).toBeVisible()
    element.removeAttribute('src')
    element.textContent = 'Teaser'
    element.setAttribute('src', shop.url('/joke'))
    await expect.element(page.getByText('Why was six afraid')).toBeVisible()
  })
})
