import { afterEach, describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import type {} from '../../client/src/testing/seller-server.fixture.js'
import { openShop } from '../../client/src/testing/shop.fixture.js'
import './define.js'
import { standInForStripe } from './testing/asking.fixture.js'

afterEach(() => document.body.replaceChildren())

describe('show()', () => {
  it('opens the dialog for the resource of src, although nobody has clicked', async () => {
    document.documentElement.lang = 'en'
    const element = document.createElement('stripe402-paywall')
    standInForStripe(element, { tells: 'ready' })
    element.src = openShop().url('/sold/article')
    document.body.replaceChildren(element)
    await expect.element(page.getByRole('button', { name: /^Continue for/ })).toBeVisible()
    void element.show()
    await expect.element(page.getByRole('dialog')).toBeVisible()
    element.hide()
  })
})
