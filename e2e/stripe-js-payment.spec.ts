import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'
import type Stripe from 'stripe'
import { cardFrame, challengeFrame, fillCard, pressAway } from './stripe-frames.js'
import { load, mount, test } from './stripe-js-shop.js'

test.describe('createPaymentMethod()', () => {
  test('makes a PaymentMethod of which the page sees the id and never the number', async ({
    page,
    requests,
    stripe,
    shop,
  }) => {
    await mount(page)
    await fillCard(page)
    const result = await page.evaluate(async () => {
      await window.elements.submit()
      return window.stripe.createPaymentMethod({
        elements: window.elements,
        params: { billing_details: { name: 'Ada Lovelace' } },
      })
    })
    expect(result.error).toBeUndefined()
    expect(result.paymentMethod).toMatchObject({ object: 'payment_method', type: 'card' })
    const method = await stripe.paymentMethods.retrieve(result.paymentMethod?.id ?? '')
    expect(method.card?.last4).toBe('4242')
    expect(method.billing_details).toMatchObject({
      name: 'Ada Lovelace',
      address: { country: 'US', postal_code: '94110' },
    })

    const cards = requests.filter(({ url, body }) =>
      /4242(\D{0,3}4242){3}/.test(decodeURIComponent(url + body)),
    )
    expect(cards.map(({ url }) => url)).toEqual(['https://api.stripe.com/v1/payment_methods'])
    expect(cards.every(({ frame }) => frame.startsWith('https://js.stripe.com/'))).toBe(true)
    expect(requests.filter(({ url }) => url.startsWith(shop.url)).length).toBeGreaterThan(1)
    const visible = await page.evaluate(() => document.documentElement.outerHTML + window.posted.join(''))
    expect(visible).toContain('complete')
    expect(visible).not.toMatch(/4242[^"]{0,3}4242/)
    expect(visible).not.toContain('12 / 34')
  })

  test('wants submit() first, again after an edit, and again for the next one', async ({ page }) => {
    const missing = 'IntegrationError: elements.submit() must be called before createPaymentMethod().'
    await mount(page)
    await fillCard(page)
    const create = () => page.evaluate(() => window.stripe.createPaymentMethod({ elements: window.elements }))
    await expect(create()).rejects.toThrow(missing)
    await page.evaluate(() => window.elements.submit())
    await cardFrame(page).getByLabel('Security code').fill('999')
    await expect(create()).rejects.toThrow(missing)
    await page.evaluate(() => window.elements.submit())
    expect((await create()).error).toBeUndefined()
    await expect(create()).rejects.toThrow(missing)
  })

  test('returns what is wrong with the card instead of throwing it', async ({ page }) => {
    await mount(page)
    const result = await page.evaluate(async () => {
      await window.elements.submit()
      return window.stripe.createPaymentMethod({ elements: window.elements })
    })
    expect(result.error).toMatchObject({ type: 'validation_error', code: 'incomplete_number' })
  })

  test('returns a lost connection as an error', async ({ page, context }) => {
    await mount(page)
    await fillCard(page)
    await context.route('https://api.stripe.com/**', (route) => route.abort())
    const result = await page.evaluate(async () => {
      await window.elements.submit()
      return window.stripe.createPaymentMethod({ elements: window.elements })
    })
    expect(result.error?.type).toBe('api_connection_error')
    expect(result.error?.message).toContain('check your internet connection')
  })

  test("needs paymentMethodCreation: 'manual', and the fields that the page took upon itself", async ({
    page,
  }) => {
    await mount(page, {}, { paymentMethodCreation: undefined })
    await fillCard(page)
    await page.evaluate(() => window.elements.submit())
    await expect(
      page.evaluate(() => window.stripe.createPaymentMethod({ elements: window.elements })),
    ).rejects.toThrow(/IntegrationError: .*paymentMethodCreation: 'manual'/)

    await page.evaluate(() => window.element.destroy())
    await mount(page, { fields: { billingDetails: { address: { country: 'never', postalCode: 'never' } } } })
    const frame = cardFrame(page)
    await frame.getByLabel('Card number').fill('4242424242424242')
    await frame.getByLabel('Expiration date').fill('12/34')
    await frame.getByLabel('Security code').fill('123')
    await expect(frame.getByLabel('Country')).toBeHidden()
    await page.evaluate(() => window.elements.submit())
    await expect(
      page.evaluate(() => window.stripe.createPaymentMethod({ elements: window.elements })),
    ).rejects.toThrow(
      'IntegrationError: You specified "never" for fields.billing_details.address.country when creating the payment Element, but did not pass params.billing_details.address.country',
    )
  })

  test('takes a Card Element as well', async ({ page }) => {
    await load(page)
    await page.evaluate(() => {
      const card = window.stripe.elements().create('card')
      window.result = new Promise((resolve) => {
        card.on('change', (event) => {
          if (event.complete) resolve([event.brand, event.value.postalCode])
        })
      })
      card.mount('#card')
      document.querySelector('#pay')?.addEventListener('click', () => {
        window.result = window.stripe.createPaymentMethod({ type: 'card', card })
      })
    })
    await fillCard(page, '5555555555554444')
    expect(await page.evaluate(() => window.result)).toEqual(['mastercard', '94110'])
    await page.getByRole('button', { name: 'Pay' }).click()
    expect(await page.evaluate(() => window.result)).toMatchObject({
      paymentMethod: { card: { brand: 'mastercard', last4: '4444' } },
    })
  })
})

test.describe('createConfirmationToken()', () => {
  test('makes a token that confirms one intent', async ({ page, stripe }) => {
    await mount(page)
    await fillCard(page)
    const result = await page.evaluate(async () => {
      await window.elements.submit()
      return window.stripe.createConfirmationToken({ elements: window.elements })
    })
    const intent = await stripe.paymentIntents.create({
      ...purchase,
      confirmation_token: result.confirmationToken?.id ?? '',
    })
    expect(intent.status).toBe('succeeded')
  })
})

const purchase = {
  amount: 500,
  currency: 'usd',
  confirm: true,
  allowed_payment_method_types: ['card'],
} satisfies Stripe.PaymentIntentCreateParams

/** Starts `handleNextAction` in the page for a card that always authenticates, and answers with the intent. */
async function startChallenge(
  page: Page,
  stripe: Stripe,
  card = 'pm_card_authenticationRequired',
): Promise<Stripe.PaymentIntent> {
  const intent = await stripe.paymentIntents.create({
    ...purchase,
    payment_method: card,
    use_stripe_sdk: true,
  })
  expect(intent.status).toBe('requires_action')
  await load(page)
  await page.getByRole('button', { name: 'Pay' }).focus()
  await page.evaluate((clientSecret) => {
    window.result = window.stripe.handleNextAction({ clientSecret })
  }, intent.client_secret ?? '')
  await expect(challengeFrame(page).getByRole('dialog')).toBeVisible()
  return intent
}

test.describe('handleNextAction()', () => {
  test('answers with the paid intent when the bank approves', async ({ page, stripe }) => {
    const { id } = await startChallenge(page, stripe)
    await expect(challengeFrame(page).getByText('$5.00')).toBeVisible()
    await challengeFrame(page).getByRole('button', { name: 'Complete' }).click()
    expect(await page.evaluate(() => window.result)).toMatchObject({
      paymentIntent: { id, status: 'succeeded' },
    })
    expect((await stripe.paymentIntents.retrieve(id)).status).toBe('succeeded')
    await expect(page.locator('iframe')).toHaveCount(0)
    await expect(page.getByRole('button', { name: 'Pay' })).toBeFocused()
  })

  for (const name of ['Fail', 'Close']) {
    test(`answers with an error when the person presses ${name}`, async ({ page, stripe }) => {
      const { id } = await startChallenge(page, stripe)
      await challengeFrame(page).getByRole('button', { name }).click()
      expect(await page.evaluate(() => window.result)).toMatchObject({
        error: {
          type: 'invalid_request_error',
          code: 'payment_intent_authentication_failure',
          payment_intent: { id, status: 'requires_payment_method' },
        },
      })
      await expect(page.locator('iframe')).toHaveCount(0)
    })
  }

  test('answers with the decline when the card is refused after the bank approved', async ({
    page,
    stripe,
  }) => {
    await mount(page)
    await fillCard(page, '4000008400001629')
    const { paymentMethod } = await page.evaluate(async () => {
      await window.elements.submit()
      return window.stripe.createPaymentMethod({ elements: window.elements })
    })
    await page.evaluate(() => window.element.destroy())
    await startChallenge(page, stripe, paymentMethod?.id)
    await challengeFrame(page).getByRole('button', { name: 'Complete' }).click()
    expect(await page.evaluate(() => window.result)).toMatchObject({
      error: {
        type: 'card_error',
        code: 'card_declined',
        payment_intent: { status: 'requires_payment_method' },
      },
    })
  })

  test('fits a phone', async ({ page, stripe }) => {
    await page.setViewportSize({ width: 320, height: 640 })
    await startChallenge(page, stripe)
    const overflow = await challengeFrame(page)
      .locator('html')
      .evaluate((root) => root.scrollWidth - root.clientWidth)
    expect(overflow).toBe(0)
    const right = await challengeFrame(page).getByRole('button', { name: 'Close' }).boundingBox()
    expect((right?.x ?? 0) + (right?.width ?? 0)).toBeLessThanOrEqual(320)
  })

  test('covers the page, above everything, and keeps the keyboard inside', async ({ page, stripe }) => {
    await startChallenge(page, stripe)
    const iframe = page.locator('body > iframe')
    await expect(iframe).toHaveCSS('z-index', '2147483647')
    expect(await iframe.boundingBox()).toEqual({ x: 0, y: 0, ...page.viewportSize() })
    const frame = challengeFrame(page)
    await expect(frame.getByRole('heading')).toBeFocused()
    for (const name of ['Complete', 'Fail', 'Close', 'Complete']) {
      await page.keyboard.press('Tab')
      await expect(frame.getByRole('button', { name })).toBeFocused()
    }
    await page.keyboard.press('Shift+Tab')
    await expect(frame.getByRole('button', { name: 'Close' })).toBeFocused()
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id }) => id)).toEqual([])
    pressAway(page, 'Escape')
    expect(await page.evaluate(() => window.result)).toMatchObject({
      error: { code: 'payment_intent_authentication_failure' },
    })
  })

  test('carries a SetupIntent through as well', async ({ page, stripe }) => {
    const intent = await stripe.setupIntents.create({
      allowed_payment_method_types: ['card'],
      confirm: true,
      payment_method: 'pm_card_authenticationRequired',
      use_stripe_sdk: true,
    })
    await load(page)
    await page.evaluate((clientSecret) => {
      window.result = window.stripe.handleNextAction({ clientSecret })
    }, intent.client_secret ?? '')
    await expect(challengeFrame(page).getByText('Amount')).toBeHidden()
    await challengeFrame(page).getByRole('button', { name: 'Complete' }).click()
    expect(await page.evaluate(() => window.result)).toMatchObject({
      setupIntent: { id: intent.id, status: 'succeeded' },
    })
  })

  test('notices an approval elsewhere', async ({ page, stripe, local }) => {
    const intent = await startChallenge(page, stripe)
    const approved = await fetch(new URL('/v1/3ds2/authenticate', local.url), {
      method: 'POST',
      headers: { authorization: 'Bearer pk_test_local' },
      body: new URLSearchParams({
        intent: intent.id,
        client_secret: intent.client_secret ?? '',
        outcome: 'approve',
      }),
    })
    expect(approved.status).toBe(200)
    expect(await page.evaluate(() => window.result)).toMatchObject({ paymentIntent: { status: 'succeeded' } })
    await expect(page.locator('iframe')).toHaveCount(0)
  })

  test('rejects an intent that needs no action, and retrievePaymentIntent() reads it', async ({
    page,
    stripe,
  }) => {
    const intent = await stripe.paymentIntents.create({ ...purchase, payment_method: 'pm_card_visa' })
    await load(page)
    await expect(
      page.evaluate(
        (clientSecret) => window.stripe.handleNextAction({ clientSecret }),
        intent.client_secret ?? '',
      ),
    ).rejects.toThrow(
      'IntegrationError: handleNextAction: The PaymentIntent supplied is not in the requires_action state.',
    )
    const read = await page.evaluate(
      (clientSecret) => window.stripe.retrievePaymentIntent(clientSecret),
      intent.client_secret ?? '',
    )
    expect(read.paymentIntent).toMatchObject({ id: intent.id, status: 'succeeded' })
  })
})
