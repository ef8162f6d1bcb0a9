import type { Page } from '@playwright/test'
import type { PaymentRequired } from '@stripe402/core'
import { HOSTILE } from '../demo/site/gallery/recorded-challenges.js'
import { expect, test } from './fixtures.js'
import { callButton, lastAnswer } from './playground.js'
import { cardFrame } from './stripe-frames.js'

/** Lets the joke's server ask for payment with this challenge, in the body: a header would have to be shorter. */
async function askWith(page: Page, challenge: PaymentRequired): Promise<void> {
  await page.route('**/api/joke', (route) => route.fulfill({ status: 402, json: challenge }))
  await page.goto('/playground')
  await callButton(page, 'Joke with fetch').click()
}

/** What the dialog shows as text, and which elements it is made of. */
function shown(page: Page): Promise<{ text: string; elements: string[] }> {
  return page.evaluate(() => {
    const dialog = document.querySelector('stripe402-paywall')?.shadowRoot?.querySelector('.dialog')
    const elements = [...(dialog?.querySelectorAll('*') ?? [])].map(({ localName }) => localName)
    return { text: dialog?.textContent ?? '', elements: [...new Set(elements)].sort() }
  })
}

const TEXTS = {
  'markup in a name and a description': [
    HOSTILE.markup,
    [
      '<img src=x onerror=alert(1)> & Sons',
      '<script>alert(document.cookie)</script><b>Bold</b> &amp; "quoted"',
    ],
  ],
  'ten thousand characters': [
    HOSTILE.long,
    [`${'A very long description that goes on and on. '.repeat(4).slice(0, 159)}…`],
  ],
  'ten thousand characters without a space': [HOSTILE.oneWord, [`${'x'.repeat(159)}…`]],
  'emoji and text from the right': [
    HOSTILE.emoji,
    ['🌧️ מזג אוויר نورد', '🧑‍🚀👩‍👩‍👧‍👦 تقرير الطقس ليوم غد – תחזית 7 ימים 🌦️'],
  ],
} as const satisfies Record<string, readonly [PaymentRequired, readonly string[]]>

for (const [name, [challenge, texts]] of Object.entries(TEXTS))
  test(`${name}: shown as text, in a dialog that can be used`, async ({ page }) => {
    page.on('dialog', () => expect.soft(true, 'a script has run').toBe(false))
    await askWith(page, challenge)
    await expect(cardFrame(page).getByLabel('Card number')).toBeEditable()
    const { text, elements } = await shown(page)
    for (const each of texts) expect(text).toContain(each)
    for (const injected of ['img', 'script', 'b']) expect(elements).not.toContain(injected)
    await expect(page.getByRole('button', { name: 'Pay $5.00' })).toBeEnabled()
  })

for (const [name, challenge, pay] of [
  ['a price of nine million', HOSTILE.absurd, 'Pay $999,999.99'],
  ['nothing but what must be there', HOSTILE.bare, 'Pay $0.50'],
] as const)
  test(`${name}: a dialog that can be used`, async ({ page }) => {
    await askWith(page, challenge)
    await expect(page.getByRole('button', { name: pay })).toBeEnabled()
    await expect(page.getByRole('dialog')).toHaveAccessibleName(/^Pay ./)
    await page.keyboard.press('Escape')
    await expect(lastAnswer(page)).toContainText('402 Payment Required')
  })

test('a price beyond what Stripe takes: said in plain words, and over', async ({ page }) => {
  await askWith(page, HOSTILE.beyond)
  await expect(page.getByRole('dialog').getByRole('alert')).toHaveText(
    'This is more than a card can pay at once. Nothing was charged.',
  )
  await page.getByRole('dialog').getByText('Close').click()
  await expect(lastAnswer(page)).toContainText('402 Payment Required')
})

test('a currency that nobody knows: written as its code, and said that no card can pay it', async ({
  page,
}) => {
  await askWith(page, HOSTILE.currency)
  await expect(page.getByRole('button', { name: /^Pay XTS\s5\.00$/ })).toBeDisabled()
  await expect(page.getByRole('dialog').getByRole('alert')).toContainText('Nothing was charged')
  await page.keyboard.press('Escape')
  await expect(lastAnswer(page)).toContainText('402 Payment Required')
})

for (const missing of ['accepts', 'stripe402Version', 'resource'] as const)
  test(`a challenge without ${missing}: the page gets its 402`, async ({ page }) => {
    const { [missing]: _left, ...rest } = HOSTILE.bare
    await page.route('**/api/joke', (route) => route.fulfill({ status: 402, json: rest }))
    await page.goto('/playground')
    await callButton(page, 'Joke with fetch').click()
    await expect(lastAnswer(page)).toContainText('402 Payment Required')
    await expect(page.getByRole('dialog')).toBeHidden()
  })
