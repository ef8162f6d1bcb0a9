import type { Page } from '@playwright/test'
import { expect, test } from './local-demo.js'
import { dialogOf } from './payment-dialog.js'
import { callButton } from './playground.js'
import { cardFrame } from './stripe-frames.js'

/** What a machine that does nothing else has to reach. */
const GOAL_MS = 300
/** What one that runs other tests meanwhile still has to: it says no more than that nothing hangs. */
const BUSY_MS = 1_500
/** How much longer than its own work a loop may take on a machine that counts as quiet. */
const QUIET = 1.1
const RUNS = 7

/** Milliseconds until the card form can be typed into. */
interface Times {
  /** After Stripe.js has run, which nobody here can speed up. */
  sinceStripe: number
  /** After the 402 of a second request, with Stripe.js in the page. */
  since402: number
}

/** From now on marks when Stripe.js has run, when a 402 is here, and when the card form is ready. */
async function watch(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await customElements.whenDefined('stripe402-paywall')
    const paywall = document.querySelector('stripe402-paywall')
    const root = paywall?.shadowRoot
    const markScript = ({ target }: Event): void => {
      if (target instanceof HTMLScriptElement && /\/stripe\.js$/.test(target.src)) performance.mark('stripe')
    }
    const markForm = (): void => {
      if (root?.querySelector('.card.ready')) performance.mark('form')
    }
    document.addEventListener('load', markScript, true)
    paywall?.addEventListener('stripe402-payment-required', () => performance.mark('402'))
    if (root) new MutationObserver(markForm).observe(root, { subtree: true, attributeFilter: ['class'] })
  })
}

/** Asks for something paid, reads when what came, and closes the dialog again. */
async function openForm(page: Page): Promise<Record<'stripe' | '402' | 'form', number>> {
  await page.evaluate(() => {
    for (const name of ['402', 'form']) performance.clearMarks(name)
  })
  await callButton(page, 'Joke with fetch').click()
  await expect(cardFrame(page).getByLabel('Card number')).toBeEditable()
  await expect(page.locator('stripe402-paywall .card.ready')).toBeVisible()
  const times = await page.evaluate(() => {
    const at = (name: string): number => performance.getEntriesByName(name)[0]?.startTime ?? Number.NaN
    return { stripe: at('stripe'), 402: at('402'), form: at('form') }
  })
  await page.keyboard.press('Escape')
  await expect(dialogOf(page)).toBeHidden()
  return times
}

async function measure(page: Page, url: string): Promise<Times> {
  await page.goto(url)
  await expect(callButton(page, 'Joke with fetch')).toBeVisible()
  await watch(page)
  const first = await openForm(page)
  const second = await openForm(page)
  return { sinceStripe: first.form - first.stripe, since402: second.form - second[402] }
}

/** How much longer than its own work a short loop takes now: 1 where nobody else wants the processor. */
function contention(): number {
  const [start, before] = [performance.now(), process.cpuUsage()]
  while (performance.now() - start < 100);
  const { user, system } = process.cpuUsage(before)
  return ((performance.now() - start) * 1_000) / (user + system)
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other)
  return Math.round(sorted[Math.floor(sorted.length / 2)] ?? Number.NaN)
}

test(`a card form can be used after Stripe.js, and after a later 402, within ${GOAL_MS} ms on a quiet machine, ${BUSY_MS} on a busy one`, async ({
  page,
  demo,
}) => {
  test.setTimeout(120_000)
  const runs: Times[] = []
  const loads = [contention()]
  for (let run = 0; run < RUNS; run += 1) {
    runs.push(await measure(page, `${demo.url}/playground`))
    loads.push(contention())
  }
  const medians = {
    sinceStripe: median(runs.map(({ sinceStripe }) => sinceStripe)),
    since402: median(runs.map(({ since402 }) => since402)),
  }
  const isQuiet = loads.every((load) => load < QUIET)
  const limit = isQuiet ? GOAL_MS : BUSY_MS
  console.log(
    `  card form, limit ${limit} ms (${isQuiet ? 'quiet' : 'busy'}), medians of ${RUNS}: ${JSON.stringify(medians)}`,
  )
  for (const time of Object.values(medians)) {
    expect(time).toBeGreaterThan(0)
    expect(time).toBeLessThan(limit)
  }
})
