import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from './fixtures.js'
import { dialogOf, payWith } from './payment-dialog.js'
import { CARDS } from './stripe-frames.js'

const DIST = fileURLToPath(new URL('../packages/paywall/dist', import.meta.url))
const PAGE = `<!doctype html>
<html lang="de">
<head><meta charset="utf-8"><title>Plain</title><link rel="icon" href="data:,"></head>
<body>
<button>Joke</button><output></output>
<stripe402-paywall></stripe402-paywall>
<script type="module" src="/dist/stripe402-paywall.js"></script>
<script type="module" src="/own.js"></script>
</body>
</html>`
const OWN_SCRIPT = `document.querySelector('button').addEventListener('click', async () => {
  const { status } = await fetch('/api/joke')
  document.querySelector('output').textContent = status
})`

test('a page without a bundler names one file, and gets the rest when there is something to pay', async ({
  page,
}) => {
  await page.route('/plain', (route) => route.fulfill({ body: PAGE, contentType: 'text/html' }))
  await page.route('/own.js', (route) => route.fulfill({ body: OWN_SCRIPT, contentType: 'text/javascript' }))
  const asked: string[] = []
  await page.route('/dist/**', (route) => {
    const { pathname } = new URL(route.request().url())
    asked.push(pathname)
    return route.fulfill({
      body: readFileSync(DIST + pathname.replace('/dist', '')),
      contentType: 'text/javascript',
    })
  })
  await page.goto('/plain')
  await page.waitForFunction(() => customElements.get('stripe402-paywall'))
  expect(asked).toEqual(['/dist/stripe402-paywall.js'])
  await page.getByRole('button', { name: 'Joke' }).click()
  // In the language of the page.
  const dialog = page.getByRole('dialog', { name: 'stripe402 demo bezahlen' })
  await expect(dialog).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.locator('output')).toHaveText('402')
  await page.evaluate(() => {
    document.documentElement.lang = 'en'
  })
  await page.getByRole('button', { name: 'Joke' }).click()
  await payWith(page, CARDS.good)
  await expect(page.locator('output')).toHaveText('200')
  await expect(dialogOf(page)).toBeHidden()
})
