import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import './define.js'
import { challengeOf, newContext, quietPaywall } from './testing/asking.fixture.js'

// Nobody listens there.
const DEAD = 'http://127.0.0.1:9'

/** A place in the page with a language of its own. */
function placeIn(lang: string): HTMLElement {
  const place = document.createElement('div')
  place.lang = lang
  document.body.append(place)
  return place
}

beforeEach(() => {
  document.documentElement.lang = 'en'
})
afterEach(() => {
  document.body.replaceChildren()
})

describe('elements of one page with different languages', () => {
  it('each speak their own, however close together they begin', async () => {
    for (const lang of ['de', 'fr', 'en-GB']) {
      const element = quietPaywall()
      element.prompt = 'bar'
      placeIn(lang).append(element)
      void element.payer(challengeOf(), newContext(`https://${lang}.example`))
    }
    for (const name of ['Weiter für 0,05 $', 'Continuer pour 0,05 $US', 'Continue for US$0.05'])
      await expect.element(page.getByRole('button', { name })).toBeVisible()
  })

  it('keep it when they draw again', async () => {
    const [german, english] = ['de', 'en'].map((lang) => {
      const element = document.createElement('stripe402-balance')
      element.origin = DEAD
      placeIn(lang).append(element)
      return element
    })
    await expect.element(page.getByRole('button', { name: 'Aufladen' })).toBeVisible()
    await expect.element(page.getByRole('button', { name: 'Top up' })).toBeVisible()
    for (const element of [german, english]) element?.setAttribute('currency', 'usd')
    await expect.element(page.getByRole('button', { name: 'Aufladen' })).toBeVisible()
    await expect.element(page.getByRole('button', { name: 'Top up' })).toBeVisible()
  })
})
