import type { Page } from '@playwright/test'
import { bundle } from './bundle.js'
import { expect, test } from './fixtures.js'
import { dialogOf, payWith } from './payment-dialog.js'
import { callButton, expectOneCharge, lastAnswer } from './playground.js'
import { CARDS, cardFrame } from './stripe-frames.js'

/** Apps that put a paywall somewhere else in the page than where they stand, and can move it on. */
const APPS = {
  'a Teleport of Vue': `
    import { createApp, h, ref, Teleport } from 'vue'
    const to = ref('#first')
    const app = createApp({ render: () => h(Teleport, { to: to.value }, [h('stripe402-paywall')]) })
    app.mount('#app')
    window.move = () => { to.value = '#second' }
    window.leave = () => app.unmount()`,
  'a portal of React': `
    import { createElement, StrictMode, useState } from 'react'
    import { createPortal } from 'react-dom'
    import { createRoot } from 'react-dom/client'
    const root = createRoot(document.querySelector('#app'))
    function App() {
      const [to, setTo] = useState('#first')
      window.move = () => setTo('#second')
      return createPortal(createElement('stripe402-paywall'), document.querySelector(to))
    }
    root.render(createElement(StrictMode, null, createElement(App)))
    window.leave = () => root.unmount()`,
} as const

/** Opens the playground with an app that brings the paywall, in the place of the page's own. */
async function openWith(page: Page, code: string): Promise<void> {
  const script = await bundle(code)
  await page.route('**/framework-app.js', (route) =>
    route.fulfill({ contentType: 'text/javascript', body: script }),
  )
  await page.goto('/playground')
  await expect(page.getByRole('banner').getByRole('button', { name: 'Top up' })).toBeVisible()
  await page.evaluate(() => {
    document.querySelector('stripe402-paywall')?.remove()
    for (const id of ['app', 'first', 'second'])
      document.body.append(Object.assign(document.createElement('div'), { id }))
    document.head.append(
      Object.assign(document.createElement('script'), { type: 'module', src: '/framework-app.js' }),
    )
  })
  await expect(page.locator('#first > stripe402-paywall')).toBeAttached()
}

for (const [name, code] of Object.entries(APPS))
  test.describe(`in ${name}`, () => {
    test('a paywall takes a payment', async ({ page, demo }) => {
      await openWith(page, code)
      await callButton(page, 'Joke with fetch').click()
      await payWith(page, CARDS.good)
      await expect(lastAnswer(page)).toContainText('200 OK')
      await expect(dialogOf(page)).toBeHidden()
      await expect(callButton(page, 'Joke with fetch')).toBeFocused()
      expectOneCharge(demo)
    })

    test('a paywall that is moved on between two questions takes a payment', async ({ page, demo }) => {
      await openWith(page, code)
      await callButton(page, 'Joke with fetch').click()
      await expect(cardFrame(page).getByLabel('Card number')).toBeVisible()
      await page.keyboard.press('Escape')
      await page.evaluate(() => Reflect.get(window, 'move')())
      await expect(page.locator('#second > stripe402-paywall')).toBeAttached()
      await callButton(page, 'Joke with fetch').click()
      await payWith(page, CARDS.good)
      await expect(lastAnswer(page)).toContainText('200 OK')
      expectOneCharge(demo)
    })

    test('a paywall that goes with its app leaves the page free, and the page its 402', async ({
      page,
      demo,
    }) => {
      await openWith(page, code)
      await callButton(page, 'Joke with fetch').click()
      await expect(cardFrame(page).getByLabel('Card number')).toBeVisible()
      await page.evaluate(() => Reflect.get(window, 'leave')())
      await expect(lastAnswer(page)).toContainText('402 Payment Required')
      await expect(page.locator('stripe402-paywall')).toHaveCount(0)
      await callButton(page, 'A free endpoint').click()
      await expect(lastAnswer(page)).toContainText('"ok": true')
      demo.stripe.log.assertNoCharge()
    })
  })
