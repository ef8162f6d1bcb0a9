import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.js'
import { dialogOf, payButton, payWith } from './payment-dialog.js'
import { balance, callButton, lastAnswer } from './playground.js'
import { CARDS, challengeFrame, fillCard } from './stripe-frames.js'

/** The policies that docs/paywall.md names. */
const TRUSTED_TYPES = "require-trusted-types-for 'script'; trusted-types default lit-html stripe402"

/** Serves the demo's pages with Trusted Types enforced, and with the documented default policy where asked. */
async function enforce(page: Page, path: string, hasDefaultPolicy: boolean): Promise<void> {
  await page.route(path, async (route) => {
    const response = await route.fetch()
    const headers = response.headers()
    await route.fulfill({
      response,
      headers: {
        ...headers,
        'content-security-policy': `${headers['content-security-policy']}; ${TRUSTED_TYPES}`,
      },
    })
  })
  if (hasDefaultPolicy)
    await page.addInitScript(() => {
      if (location.hostname !== 'localhost') return
      Reflect.get(window, 'trustedTypes').createPolicy('default', {
        createScriptURL: (url: string) =>
          new URL(url, location.href).origin === 'https://js.stripe.com' ? url : null,
      })
    })
}

test.describe('a page that enforces Trusted Types', () => {
  test('pays with the documented policy, with a decline and a bank check, without a report', async ({
    page,
    watch,
  }) => {
    await enforce(page, '/playground', true)
    const response = await page.goto('/playground')
    expect(response?.headers()['content-security-policy']).toContain('require-trusted-types-for')
    await callButton(page, 'Joke with fetch').click()
    await payWith(page, CARDS.declined)
    await expect(page.getByRole('alert')).toBeVisible()
    await fillCard(page, CARDS.authenticates)
    await payButton(page).click()
    await challengeFrame(page).getByRole('button', { name: 'Complete' }).click()
    await expect(lastAnswer(page)).toContainText('200 OK')
    await expect(dialogOf(page)).toBeHidden()
    await balance(page, '$4.99').click()
    await expect(
      page.getByRole('dialog', { name: 'Your balance' }).getByRole('listitem').first(),
    ).toBeVisible()
    expect(watch.violations).toEqual([])
  })

  test('shows a paid article as HTML', async ({ page, watch }) => {
    await enforce(page, '/article', true)
    await page.goto('/article')
    await page.getByRole('button', { name: 'Continue for $0.05' }).click()
    await payWith(page, CARDS.good)
    await expect(page.getByRole('heading', { name: 'The years of digital coins' })).toBeVisible()
    expect(watch.violations).toEqual([])
  })

  test('says in plain words that Stripe is held back when the policy is missing', async ({ page, watch }) => {
    watch.expect(/TrustedScriptURL|Trusted Types/)
    await enforce(page, '/playground', false)
    await page.goto('/playground')
    await callButton(page, 'Joke with fetch').click()
    await expect(dialogOf(page).getByRole('alert')).toContainText('The card form did not load')
    await expect.poll(() => watch.violations.length).toBeGreaterThan(0)
    // The official loader tries twice, in its own time.
    await page.close()
    expect([...new Set(watch.violations.splice(0))]).toEqual(['require-trusted-types-for trusted-types-sink'])
  })
})
