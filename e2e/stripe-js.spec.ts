import { AxeBuilder } from '@axe-core/playwright'
import { expect } from '@playwright/test'
import { cardFrame, fillCard } from './stripe-frames.js'
import { load, mount, test } from './stripe-js-shop.js'

test.describe('Stripe()', () => {
  test('is what the official loader expects', async ({ page }) => {
    const said: string[] = []
    page.on('console', (message) => said.push(message.text()))
    await load(page)
    expect(await page.evaluate(() => Object(window.Stripe).version)).toBe('endive')
    expect(said).toEqual([])
  })

  test('refuses a secret key', async ({ page }) => {
    await load(page)
    await expect(page.evaluate(() => void window.Stripe?.('sk_test_1'))).rejects.toThrow(
      'IntegrationError: You should not use your secret key with Stripe.js.',
    )
  })
})

test.describe('elements()', () => {
  test('refuses what endive removed', async ({ page }) => {
    await load(page)
    const group = { mode: 'payment', amount: 500, currency: 'usd' } as const
    await expect(
      page.evaluate(
        (options) => void window.stripe.elements({ ...options, ...{ paymentMethodTypes: ['card'] } }),
        group,
      ),
    ).rejects.toThrow(
      'IntegrationError: Invalid value for elements(): paymentMethodTypes is no longer supported.',
    )
    await expect(
      page.evaluate(
        (options) =>
          void Reflect.apply(window.stripe.elements(options).create, window.stripe.elements(options), [
            'paymentRequestButton',
          ]),
        group,
      ),
    ).rejects.toThrow(/IntegrationError: .*paymentRequestButton Element is no longer supported/)
  })

  test('makes one Payment Element and finds it again, until it is destroyed', async ({ page }) => {
    await mount(page)
    expect(await page.evaluate(() => window.elements.getElement('payment') === window.element)).toBe(true)
    await expect(page.evaluate(() => void window.elements.create('payment'))).rejects.toThrow(
      'IntegrationError: Can only create one Element of type payment.',
    )
    await page.evaluate(() => window.element.destroy())
    expect(await page.evaluate(() => window.elements.getElement('payment'))).toBeNull()
    expect(await page.evaluate(() => window.elements.create('payment') !== window.element)).toBe(true)
  })

  test('answers an update with a promise, and refuses an amount that is none', async ({ page }) => {
    await mount(page)
    const order = await page.evaluate(async () => {
      const seen: string[] = []
      window.elements.on('update-end', () => seen.push('update-end'))
      await window.elements.update({ amount: 900, locale: 'de' })
      return [...seen, 'resolved']
    })
    expect(order).toEqual(['update-end', 'resolved'])
    await expect(cardFrame(page).getByLabel('Kartennummer')).toBeVisible()
    await expect(page.evaluate(() => window.elements.update({ amount: 0 }))).rejects.toThrow(
      /IntegrationError.*amount/,
    )
  })
})

test.describe('element.mount()', () => {
  test('puts a frame from another origin into the node and says when it is ready', async ({ page }) => {
    await mount(page)
    const iframe = page.locator('#card iframe')
    await expect(iframe).toHaveAttribute('src', /^https:\/\/js\.stripe\.com\/endive\/frames\//)
    await expect(iframe).toHaveAttribute('name', /^__privateStripeFrame/)
    expect(
      await iframe.evaluate((node) => node instanceof HTMLIFrameElement && node.contentDocument),
    ).toBeNull()
    expect(await page.evaluate(() => window.heard)).toEqual(['loaderstart', 'ready:payment'])
    await expect(page.locator('#card')).toHaveClass('StripeElement StripeElement--empty')
  })

  test('refuses a shadow root', async ({ page }) => {
    await mount(page)
    await expect(
      page.evaluate(() => {
        const root = document.createElement('div').attachShadow({ mode: 'open' })
        document.body.append(root.host)
        window.element.unmount()
        window.element.mount(root.appendChild(document.createElement('div')))
      }),
    ).rejects.toThrow(
      'IntegrationError: Elements cannot be mounted in a ShadowRoot. Please mount in the Light DOM.',
    )
  })

  test('takes a light-DOM child that a shadow root only projects', async ({ page }) => {
    await load(page)
    await page.evaluate(() => {
      const host = document.createElement('div')
      host.attachShadow({ mode: 'open' }).append(document.createElement('slot'))
      const child = host.appendChild(document.createElement('div'))
      document.body.append(host)
      window.stripe.elements({ mode: 'payment', amount: 500, currency: 'usd' }).create('payment').mount(child)
    })
    await expect(cardFrame(page).getByLabel('Card number')).toBeVisible()
  })

  test('refuses nodes that are nowhere, selectors that find nothing, and a second place', async ({
    page,
  }) => {
    await mount(page)
    await expect(page.evaluate(() => window.element.mount('#other'))).rejects.toThrow(/already mounted/)
    await page.evaluate(() => window.element.unmount())
    await expect(page.evaluate(() => window.element.mount('#nowhere'))).rejects.toThrow(
      'IntegrationError: The selector you specified (#nowhere) applies to no DOM elements that are currently on the page.',
    )
    await expect(page.evaluate(() => window.element.mount(document.createElement('div')))).rejects.toThrow(
      /IntegrationError: .*attached to the page/,
    )
  })

  test('loses what was typed when the page moves the node, as an iframe does', async ({ page }) => {
    await mount(page)
    await fillCard(page)
    await page.evaluate(() => {
      const ready = new Promise<void>((resolve) => window.element.once('ready', () => resolve()))
      document.querySelector('#other')?.append(document.querySelector('#card') ?? '')
      return ready
    })
    await expect(cardFrame(page).getByLabel('Card number')).toHaveValue('')
    await expect.poll(() => page.evaluate(() => window.heard.at(-1))).toBe('change:empty:card')
  })

  test('leaves nothing behind after unmount', async ({ page }) => {
    await mount(page)
    await page.evaluate(() => window.element.unmount())
    await expect(page.locator('iframe')).toHaveCount(0)
    expect(await page.locator('#card').evaluate((node) => node.outerHTML)).toBe(
      '<div id="card" class=""></div>',
    )
    await page.evaluate(() => {
      const ready = new Promise<void>((resolve) => window.element.once('ready', () => resolve()))
      window.element.mount('#card')
      return ready
    })
    await expect(cardFrame(page).getByLabel('Card number')).toBeVisible()
    await page.evaluate(() => window.element.destroy())
    await expect(page.evaluate(() => window.element.mount('#card'))).rejects.toThrow(/already been destroyed/)
  })
})

test.describe('the line between page and frame', () => {
  test('hears nobody else, on either side', async ({ page }) => {
    await mount(page)
    await fillCard(page)
    const before = await page.evaluate(() => window.heard.length)
    await page.evaluate(() => {
      const { stripeChannel } = JSON.parse(window.posted[0] ?? '{}')
      const iframe = document.querySelector('iframe')
      iframe?.contentWindow?.postMessage({ stripeChannel: 'guessed', kind: 'clear' }, '*')
      // The right id, but from the page itself instead of the frame.
      window.postMessage({ stripeChannel, kind: 'escape' }, '*')
      return new Promise<void>((resolve) => {
        window.addEventListener('message', () => resolve(), { once: true })
      })
    })
    expect(await page.evaluate(() => window.elements.submit())).toEqual({ selectedPaymentMethod: 'card' })
    expect(await page.evaluate(() => window.heard.length)).toBe(before)
  })

  test('reports a frame that the page may not load', async ({ page, context }) => {
    await page.clock.install()
    await load(page)
    await context.route('https://js.stripe.com/endive/frames/**', (route) => route.abort())
    await page.evaluate(() => {
      const element = window.stripe.elements({ mode: 'setup' }).create('payment')
      element.on('loaderror', ({ error }) => window.heard.push(String(error.type)))
      element.mount('#card')
    })
    await expect
      .poll(async () => {
        await page.clock.runFor(5_000)
        return page.evaluate(() => window.heard)
      })
      .toEqual(['api_connection_error'])
  })
})

test.describe('the card form', () => {
  test('formats while somebody types', async ({ page }) => {
    await mount(page)
    const frame = cardFrame(page)
    const number = frame.getByLabel('Card number')
    await number.pressSequentially('4242424242424242')
    await expect(number).toHaveValue('4242 4242 4242 4242')
    await number.press('Home')
    await number.press('ArrowRight')
    await number.press('Delete')
    await number.pressSequentially('9')
    await expect(number).toHaveValue('4942 4242 4242 4242')
    const expiry = frame.getByLabel('Expiration date')
    await expiry.pressSequentially('527')
    await expect(expiry).toHaveValue('05 / 27')
    for (let index = 0; index < 4; index += 1) await expiry.press('Backspace')
    await expect(expiry).toHaveValue('')
  })

  test('tells the page how far it is, and nothing else', async ({ page }) => {
    await mount(page)
    await fillCard(page)
    await cardFrame(page).getByLabel('ZIP').press('Escape')
    await page.evaluate(() => window.element.blur())
    await expect
      .poll(() => page.evaluate(() => window.heard))
      .toEqual([
        'loaderstart',
        'ready:payment',
        'focus',
        'change:partial:card',
        'change:complete:card',
        'escape',
        'blur',
      ])
    await page.evaluate(() => window.element.clear())
    await expect.poll(() => page.evaluate(() => window.heard.at(-1))).toBe('change:empty:card')
  })

  test('explains what is wrong at the field, to eyes and to screen readers', async ({ page }) => {
    await mount(page)
    const frame = cardFrame(page)
    const number = frame.getByLabel('Card number')
    await number.fill('4242424242424241')
    await expect(number).toHaveAccessibleDescription('Your card number is invalid.')
    await expect(number).toHaveAttribute('aria-invalid', 'true')
    await frame.getByLabel('Expiration date').fill('01 / 20')
    await expect(frame.getByText("Your card's expiration year is in the past.")).toBeVisible()
    await frame.getByLabel('Security code').fill('1')
    await expect(frame.getByText("Your card's security code is incomplete.")).toBeHidden()
    await frame.getByLabel('Security code').blur()
    await expect(frame.getByText("Your card's security code is incomplete.")).toBeVisible()

    const submitted = await page.evaluate(() => window.elements.submit())
    expect(submitted).toEqual({
      error: { type: 'validation_error', code: 'invalid_number', message: 'Your card number is invalid.' },
    })
    await expect(frame.getByText('Your postal code is incomplete.')).toBeVisible()
    await expect(number).toBeFocused()

    await fillCard(page)
    await expect(frame.locator('[aria-invalid="true"]')).toHaveCount(0)
    expect(await page.evaluate(() => window.elements.submit())).toEqual({ selectedPaymentMethod: 'card' })
  })

  test('grows with its messages', async ({ page }) => {
    await mount(page)
    const height = () => page.locator('#card iframe').evaluate((iframe) => iframe.clientHeight)
    const before = await height()
    await page.evaluate(() => window.elements.submit())
    await expect.poll(height).toBeGreaterThan(before)
  })

  test('asks for a postal code where issuers check it', async ({ page }) => {
    await mount(page)
    const frame = cardFrame(page)
    await frame.getByLabel('Country').selectOption('DE')
    await expect(frame.getByRole('textbox')).toHaveCount(3)
    await frame.getByLabel('Country').selectOption('CA')
    await expect(frame.getByLabel('Postal code')).toBeVisible()
  })

  test('wears the Appearance, and lets nothing foreign in with it', async ({ page, requests }) => {
    const rules = { '.Input': { backgroundImage: 'url(https://js.stripe.com/spy)', letterSpacing: '1px' } }
    const variables = { colorPrimary: '#ff0000', colorBackground: 'url(https://js.stripe.com/spy)' }
    await mount(page, {}, { appearance: { theme: 'night', variables, rules } })
    const number = cardFrame(page).getByLabel('Card number')
    await number.focus()
    await expect(number).toHaveCSS('border-color', 'rgb(255, 0, 0)')
    await expect(number).toHaveCSS('background-color', 'rgb(48, 49, 61)')
    await expect(number).toHaveCSS('letter-spacing', '1px')
    expect(requests.filter(({ url }) => url.includes('spy'))).toEqual([])
  })

  for (const theme of ['stripe', 'night', 'flat'] as const) {
    test(`has no accessibility violations in the theme ${theme}`, async ({ page }) => {
      await mount(page, {}, { appearance: { theme } })
      // axe cannot see the page's background through the frame.
      await cardFrame(page)
        .locator('body')
        .evaluate(
          (body, color) => body.style.setProperty('background', color),
          theme === 'night' ? '#1a1b25' : '#fff',
        )
      await page.evaluate(() => window.elements.submit())
      await expect(cardFrame(page).getByRole('alert').first()).toBeVisible()
      const { violations } = await new AxeBuilder({ page }).analyze()
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
    })
  }

  test('reads from right to left in Arabic, digits from left to right', async ({ page }) => {
    await mount(page, {}, { locale: 'ar' })
    const number = cardFrame(page).getByLabel('رقم البطاقة')
    await number.fill('٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢')
    await expect(number).toHaveValue('4242 4242 4242 4242')
    await expect(cardFrame(page).locator('html')).toHaveAttribute('dir', 'rtl')
  })
})
