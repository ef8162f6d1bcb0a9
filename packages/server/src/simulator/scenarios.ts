import { TOP_UP } from './device-tab.js'
import type { Scenario, Stage } from './stage.js'
import type { Outcome, Tab } from './tab.js'

/** Test cards of Stripe. */
const VISA = '4242424242424242'
const MASTERCARD = '5555555555554444'
const DECLINED = '4000000000000002'
const ASKS_THE_BANK = '4000000000003220'
const REFUND_FAILS = '4000000000005126'
const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000

/** A person tries again with the same card; after so many refusals they stop. */
const VISAS = [VISA, VISA, VISA, VISA]
const BANK_CARDS = [ASKS_THE_BANK, ASKS_THE_BANK, ASKS_THE_BANK, ASKS_THE_BANK]

/** One page after the other, in one tab. */
async function browse(
  tab: Tab,
  purse: ReturnType<Stage['purse']>,
  urls: readonly string[],
): Promise<Outcome> {
  for (const url of urls) {
    const outcome = await tab.visit({ url, purse })
    if (outcome !== 'served') return outcome
  }
  return 'served'
}

/** So many tabs of one person run dry at the same moment. */
function tabs(count: number, stage: Stage): Promise<Outcome>[] {
  return Array.from({ length: count }, async (_, index) => {
    await stage.timeline.sleep(stage.random.below(400))
    return stage.openTab().visit({ url: `/page/${index}`, purse: stage.purse(VISAS) })
  })
}

/** Stories of one or two visits, short enough to try everything that may go wrong in them. */
const PURCHASES: readonly Scenario[] = [
  {
    name: 'first-purchase',
    mostCharges: 1,
    outcomes: ['served'],
    play: (stage) => [browse(stage.openTab(), stage.purse(VISAS), ['/page/1', '/page/2', '/before/3'])],
  },
  {
    name: 'double-click',
    mostCharges: 1,
    outcomes: ['served', 'served'],
    play(stage) {
      const purse = stage.purse(VISAS)
      const first = purse.nextCard()
      const purchaseId = stage.newPurchaseId()
      return ['/page/1', '/page/1'].map((url) => {
        const once = [first]
        // Both clicks send the card that the form holds; whoever is refused types it in again.
        const shared = { ...purse, nextCard: () => once.pop() ?? purse.nextCard() }
        return stage.openTab().visit({ url, purse: shared, purchaseId })
      })
    },
  },
  {
    name: 'two-tabs',
    mostCharges: 1,
    outcomes: ['served', 'served'],
    play: (stage) =>
      ['/page/1', '/before/2'].map((url) => stage.openTab().visit({ url, purse: stage.purse(VISAS) })),
  },
  {
    name: 'bank-check',
    mostCharges: 1,
    outcomes: ['served'],
    play: (stage) => [browse(stage.openTab(), stage.purse(BANK_CARDS), ['/page/1', '/page/2'])],
  },
  {
    name: 'closed-tab',
    mostCharges: 1,
    outcomes: ['left'],
    play: (stage) => [
      stage.openTab().visit({ url: '/page/1', purse: stage.purse(BANK_CARDS, 'approve-later') }),
    ],
  },
  {
    name: 'another-card',
    mostCharges: 1,
    outcomes: ['served'],
    play: (stage) => [
      stage.openTab().visit({
        url: '/page/1',
        purse: stage.purse([DECLINED, MASTERCARD, MASTERCARD, MASTERCARD]),
        keepsPurchase: true,
      }),
    ],
  },
  {
    name: 'failing-handler',
    mostCharges: 1,
    outcomes: ['failed', 'failed', 'served'],
    play(stage) {
      const tab = stage.openTab()
      const purse = stage.purse(VISAS)
      const first = tab.visit({ url: '/fails/1', purse })
      const second = first.then(() => tab.visit({ url: '/throws/2', purse }))
      return [first, second, second.then(() => tab.visit({ url: '/slow/3', purse }))]
    },
  },
  {
    name: 'top-up',
    mostCharges: 1,
    outcomes: ['served', 'served'],
    play(stage) {
      const tab = stage.openTab()
      const purse = stage.purse(VISAS)
      const bought = tab.visit({ url: TOP_UP, method: 'POST', purse })
      return [bought, bought.then(() => tab.visit({ url: '/before/1', purse: stage.purse([]) }))]
    },
  },
  {
    name: 'kept-card',
    mostCharges: 2,
    outcomes: ['served', 'served', 'served'],
    play(stage) {
      const tab = stage.openDeviceTab()
      const bought = tab.buy(stage.purse(VISAS))
      const again = bought.then(() => tab.buyAgain())
      return [bought, again, again.then(() => tab.forget())]
    },
    // Where the card was never known to be kept, nobody is offered to forget it.
    wrong: ({ local }, [, again, forgotten]) =>
      again === 'served' &&
      forgotten === 'served' &&
      local.state.paymentMethods().some(({ customer }) => customer !== null)
        ? 'a forgotten card is still with its Customer'
        : null,
  },
  {
    name: 'original-client',
    mostCharges: 1,
    outcomes: ['served', 'served'],
    play(stage) {
      const tab = stage.openTab()
      const purse = stage.purse(VISAS)
      const first = tab.visit({ url: '/page/1', purse, isOriginal: true })
      return [first, first.then(() => tab.visit({ url: '/page/2', purse, isOriginal: true }))]
    },
  },
]

/** Stories of money that goes back. */
const AFTER_THE_FACT: readonly Scenario[] = [
  {
    name: 'refunds',
    mostCharges: 1,
    outcomes: ['served', 'served', 'failed'],
    play(stage) {
      const { timeline, local } = stage
      const tab = stage.openTab()
      const purse = stage.purse([VISA])
      const refund = (amountMinor: number) => async (): Promise<void> => {
        await timeline.sleep(MINUTE_MS)
        for (const id of stage.charged()) local.refund(id, { amountMinor })
        await timeline.sleep(MINUTE_MS)
      }
      const page = (url: string) => (): Promise<Outcome> => tab.visit({ url, purse })
      const first = page('/page/1')()
      const second = first.then(refund(200)).then(page('/page/2'))
      // More than what is left: what was spent is owed.
      return [first, second, second.then(refund(300)).then(page('/page/3'))]
    },
  },
  {
    name: 'failed-refund',
    mostCharges: 1,
    outcomes: ['served', 'served'],
    play(stage) {
      const { timeline, local } = stage
      const tab = stage.openTab()
      const purse = stage.purse([REFUND_FAILS])
      const first = tab.visit({ url: '/page/1', purse })
      const second = first.then(async () => {
        await timeline.sleep(MINUTE_MS)
        for (const id of stage.charged()) {
          const { id: refund } = local.refund(id)
          timeline.after(MINUTE_MS, () => local.settleRefund(refund))
        }
        await timeline.sleep(HOUR_MS)
        return tab.visit({ url: '/page/2', purse })
      })
      return [first, second]
    },
  },
  {
    name: 'dispute',
    mostCharges: 1,
    outcomes: ['served', 'failed', 'served'],
    play(stage) {
      const { timeline, local } = stage
      const tab = stage.openTab()
      const purse = stage.purse([VISA])
      const first = tab.visit({ url: '/page/1', purse })
      const disputes: string[] = []
      const second = first.then(async () => {
        await timeline.sleep(MINUTE_MS)
        for (const id of stage.charged()) disputes.push(local.dispute(id).id)
        await timeline.sleep(HOUR_MS)
        return tab.visit({ url: '/page/2', purse })
      })
      const third = second.then(async () => {
        for (const id of disputes) local.closeDispute(id, 'won')
        await timeline.sleep(HOUR_MS)
        return tab.visit({ url: '/page/3', purse })
      })
      return [first, second, third]
    },
  },
]

/** Every story in which everything that may go wrong is tried. */
export const SCENARIOS: readonly Scenario[] = [...PURCHASES, ...AFTER_THE_FACT]

/** Stories of a crowd, for interleavings. */
export const CROWDS: readonly Scenario[] = [
  {
    name: 'some-tabs',
    mostCharges: 1,
    outcomes: [],
    play: (stage) => tabs(2 + stage.random.below(49), stage),
  },
  {
    name: 'fifty-tabs',
    mostCharges: 1,
    outcomes: Array.from({ length: 50 }, () => 'served'),
    play: (stage) => tabs(50, stage),
  },
  {
    name: 'copies',
    mostCharges: 1,
    outcomes: ['served'],
    play(stage) {
      const tab = stage.openTab()
      const purse = stage.purse(VISAS)
      const bought = tab.visit({ url: '/page/0', purse })
      const requestId = stage.newRequestId()
      const copies = Array.from({ length: 1000 }, () =>
        bought.then(() => tab.visit({ url: '/page/1', purse: stage.purse([]), requestId })),
      )
      return [bought, ...copies]
    },
  },
  {
    name: 'busy-shop',
    mostCharges: 4,
    outcomes: [],
    play: (stage) => [VISA, MASTERCARD, VISA, ASKS_THE_BANK].map((card) => shop(stage, { card, visits: 80 })),
  },
]

const PAGES = ['/page/', '/before/', '/page/', '/fails/', '/page/', '/before/', '/throws/'] as const

/** One tab buys credit and spends it, page by page; some of them break. */
async function shop(stage: Stage, { card, visits }: { card: string; visits: number }): Promise<Outcome> {
  const tab = stage.openTab()
  const purse = stage.purse([card, card, card, card])
  for (let count = 0; count < visits; count += 1) {
    const outcome = await tab.visit({ url: `${stage.random.pick(PAGES)}${stage.newId()}`, purse })
    if (outcome !== 'served' && outcome !== 'failed') return outcome
  }
  return 'served'
}

/** @throws RangeError for a name that there is not. */
export function scenarioNamed(name: string): Scenario {
  const found = [...SCENARIOS, ...CROWDS].find((scenario) => scenario.name === name)
  if (!found) throw new RangeError(`There is no scenario "${name}".`)
  return found
}
