import { expect, test } from './fixtures.js'
import { watchPages } from './page-watch.js'
import { payButton, payWith } from './payment-dialog.js'
import { balance, callButton, lastAnswer } from './playground.js'
import { CARDS, challengeFrame, fillCard } from './stripe-frames.js'

test.describe('a strict Content Security Policy', () => {
  test('is kept from the first page to the last answer, with the real loader', async ({ page, watch }) => {
    const response = await page.goto('/playground')
    const policy = response?.headers()['content-security-policy'] ?? ''
    expect(policy.split('; ')).toEqual([
      "default-src 'self'",
      "script-src 'self' https://js.stripe.com https://*.js.stripe.com",
      'frame-src https://js.stripe.com https://*.js.stripe.com https://hooks.stripe.com',
      "connect-src 'self' https://api.stripe.com",
      "style-src 'self'",
      "object-src 'none'",
      "base-uri 'none'",
      "form-action 'self'",
      "frame-ancestors 'none'",
    ])
    expect(watch.requests.filter(({ url }) => url.includes('stripe.com'))).toEqual([])
    await callButton(page, 'Joke with fetch').click()
    await payWith(page, CARDS.declined)
    await expect(page.getByRole('alert')).toBeVisible()
    await fillCard(page, CARDS.authenticates)
    await payButton(page).click()
    await challengeFrame(page).getByRole('button', { name: 'Complete' }).click()
    await expect(lastAnswer(page)).toContainText('200 OK')
    await expect(balance(page, '$4.99')).toBeVisible()

    for (const [path, left] of [
      ['/', '$4.99'],
      ['/article', '$4.94'],
      ['/report', '$4.84'],
      ['/terms', '$4.84'],
    ] as const) {
      const navigation = await page.goto(path)
      expect(navigation?.headers()['content-security-policy']).toBe(policy)
      await expect(balance(page, left)).toBeVisible()
    }
    expect(watch.requests.map(({ url }) => url)).toContain('https://js.stripe.com/endive/stripe.js')
    expect(watch.violations).toEqual([])
  })

  test('is watched: what it forbids is reported', async ({ browser, demo }) => {
    const context = await browser.newContext({ baseURL: demo.url })
    const watch = await watchPages(context)
    const page = await context.newPage()
    await page.goto('/')
    await page.evaluate(() => {
      document.body.insertAdjacentHTML('beforeend', '<p style="color: red">inline</p>')
      void fetch('https://collector.example/').catch(() => {})
      void Promise.reject(new Error('nobody listens'))
    })
    await expect
      .poll(() => [...watch.violations].sort())
      .toEqual(['connect-src https://collector.example/', 'style-src-attr inline'])
    await expect.poll(() => watch.errors).toEqual(['Error: nobody listens'])
    expect(watch.complaints.length).toBeGreaterThan(0)
    await context.close()
  })
})
