import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Page } from '@playwright/test'
import { startDemoProcess } from '../e2e/demo-process.js'
import { CHROMIUM_ARGS, chromiumPath } from './browser.js'
import { ROOT } from './run-command.js'

const IMAGES = join(ROOT, 'docs/images')

/** Takes the pictures of the README from the running demo, so that they stay true: `npm run screenshots`. */
async function takeScreenshots(): Promise<void> {
  mkdirSync(IMAGES, { recursive: true })
  const data = mkdtempSync(join(tmpdir(), 'stripe402-screenshots-'))
  const demo = await startDemoProcess({ PORT: '0', STRIPE_LOCAL_PORT: '0', DEMO_DATA: data })
  const browser = await chromium.launch({ executablePath: await chromiumPath(), args: CHROMIUM_ARGS })
  try {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 900 },
      deviceScaleFactor: 1.5,
      locale: 'en-US',
      reducedMotion: 'reduce',
    })
    const page = await context.newPage()
    await page.goto(`${demo.url}/playground`)
    await page.getByRole('button', { name: 'Weather with axios' }).click()
    await cardField(page, 'Card number').waitFor()
    await page.screenshot({ path: join(IMAGES, 'paywall.png') })

    await cardField(page, 'Card number').fill('4242424242424242')
    await cardField(page, 'Expiration date').fill('12 / 40')
    await cardField(page, 'Security code').fill('123')
    await cardField(page, 'ZIP').fill('94107')
    await page.getByRole('button', { name: 'Pay $5.00' }).click()
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    await page.getByText('$0.05 spent').first().waitFor()
    await page.screenshot({ path: join(IMAGES, 'exchanges.png') })
  } finally {
    await browser.close()
    await demo.stop()
    rmSync(data, { recursive: true })
  }
}

function cardField(page: Page, name: string): ReturnType<Page['getByLabel']> {
  return page.frameLocator('iframe[title="Secure payment input frame"]').getByLabel(name)
}

await takeScreenshots()
