import { afterEach, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import type {} from '../../../client/src/testing/seller-server.fixture.js'
import { openShop } from '../../../client/src/testing/shop.fixture.js'
import '../define.js'

afterEach(() => document.body.replaceChildren())

it('lets go of a file when another content takes its place, and not before', async () => {
  document.documentElement.lang = 'en'
  const shop = openShop()
  const element = document.createElement('stripe402-paywall')
  element.src = shop.url('/megabytes/1')
  document.body.replaceChildren(element)
  const link = page.getByRole('link', { name: 'Download' })
  await expect.element(link).toBeVisible()
  const href = link.element().getAttribute('href') ?? ''
  element.src = null
  expect((await fetch(href)).ok).toBe(true)
  element.src = shop.url('/joke')
  await expect.element(page.getByText('Why was six afraid')).toBeVisible()
  await expect(fetch(href)).rejects.toThrow()
})
