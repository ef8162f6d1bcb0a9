import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base, expect } from '@playwright/test'
import { type StripeLocal, startStripeLocal } from '@stripe402/stripe-local'
import { breaksInFolder } from './audit-demo.js'
import { type DemoProcess, startDemoProcess } from './demo-process.js'
import { expectGoodManners, watchPages } from './page-watch.js'
import { dialogOf, payWith } from './payment-dialog.js'
import { balance, callButton, lastAnswer } from './playground.js'
import { CARDS, challengeFrame } from './stripe-frames.js'
import { routeStripe } from './stripe-routes.js'

interface Restartable {
  stripe: StripeLocal
  /** The running demo. */
  now: DemoProcess
  /** Starts it again on the same port, over the same data folder. */
  start(): Promise<void>
}

const test = base.extend<{ demo: Restartable }>({
  demo: async ({ context }, use) => {
    const local = await startStripeLocal()
    const { keys, webhooks } = local.stripeLocal
    const dataFolder = await mkdtemp(join(tmpdir(), 'stripe402-demo-'))
    const webhookSecret = `whsec_${randomBytes(24).toString('hex')}`
    const start = (port: number): Promise<DemoProcess> =>
      startDemoProcess({
        PORT: String(port),
        DEMO_DATA: dataFolder,
        STRIPE_SECRET_KEY: keys.secretKey,
        STRIPE_PUBLISHABLE_KEY: keys.publishableKey,
        STRIPE_API_BASE: local.url,
        STRIPE_WEBHOOK_SECRET: webhookSecret,
      })
    await routeStripe(context, local.url)
    const watch = await watchPages(context)
    const demo: Restartable = {
      stripe: local.stripeLocal,
      now: await start(0),
      async start() {
        demo.now = await start(demo.now.port)
      },
    }
    webhooks.add({
      url: `http://127.0.0.1:${demo.now.port}/.well-known/stripe402/webhook`,
      secret: webhookSecret,
    })
    await use(demo)
    await demo.now.stop()
    const breaks = await breaksInFolder(dataFolder, local)
    await local.close()
    await rm(dataFolder, { recursive: true })
    expectGoodManners(watch)
    expect(breaks).toEqual([])
  },
})

// An embedded PostgreSQL starts twice in each of these.
test.describe.configure({ timeout: 120_000 })

test.describe('a demo that is stopped and started again', () => {
  test('still has the balance, for this browser and for no other', async ({ page, browser, demo }) => {
    await page.goto(`${demo.now.url}/playground`)
    await callButton(page, 'Joke with fetch').click()
    await payWith(page, CARDS.good)
    await expect(balance(page, '$4.99')).toBeVisible()

    expect(await demo.now.stop()).toBe(0)
    await demo.start()
    await page.reload()
    await expect(balance(page, '$4.99')).toBeVisible()
    await callButton(page, 'Joke with fetch').click()
    await expect(lastAnswer(page)).toContainText('200 OK')
    await expect(balance(page, '$4.98')).toBeVisible()
    await expect(dialogOf(page)).toBeHidden()
    demo.stripe.log.assertOneCharge()

    const stranger = await browser.newContext({ baseURL: demo.now.url })
    expect((await stranger.request.get('/api/joke')).status()).toBe(402)
    await stranger.close()
  })

  test('in the middle of 3-D Secure, by a power cut, credits what the bank approved meanwhile', async ({
    page,
    demo,
  }) => {
    await page.goto(`${demo.now.url}/playground`)
    await callButton(page, 'Joke with fetch').click()
    await payWith(page, CARDS.authenticates)
    await expect(challengeFrame(page).getByRole('button', { name: 'Complete' })).toBeVisible()
    await demo.now.kill()
    await demo.start()
    await challengeFrame(page).getByRole('button', { name: 'Complete' }).click()
    await expect(lastAnswer(page)).toContainText('200 OK')
    await expect(balance(page, '$4.99')).toBeVisible()
    demo.stripe.log.assertOneCharge()
  })
})
