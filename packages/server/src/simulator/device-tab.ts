import type { ClientId, Payment } from '@stripe402/core'
import { type Device, newDevice } from '../proof/device.fixture.js'
import type { Purse } from './purse.js'
import { type Outcome, purchaseIdOf, read, requestIdOf, send, type TabParts } from './tab.js'

/** Where credit is bought for its own sake, and where a kept card is forgotten. */
export const TOP_UP = '/.well-known/stripe402/top-up'
export const FORGET_CARD = '/.well-known/stripe402/forget-card'

/** A client with a key, which it signs every request with, and one card that it wants to have kept. */
export interface DeviceTab {
  /** Buys credit with a card that is to be kept. */
  buy(purse: Purse): Promise<Outcome>
  /** Buys credit with the kept card. */
  buyAgain(): Promise<Outcome>
  forget(): Promise<Outcome>
}

type Wish = Omit<Payment, 'stripe402Version' | 'requestId' | 'proof'>

const TOP_UP_UNITS = 50_000
const SECOND_MS = 1000
const LONGEST_PAUSE_MS = 16 * 3_600_000
const MOST_TRIES = 20

/** Opens a tab of a browser that has a key. */
export function openDeviceTab(parts: TabParts): DeviceTab {
  const { timeline, newId } = parts
  const device = newDevice(timeline.nowMs)
  const tab: { clientId: ClientId | undefined } = { clientId: undefined }

  /** Asks until there is a definite answer; every time with a signature of its own. */
  async function insist(url: string, wish: Wish): Promise<Outcome> {
    for (let failures = 0; failures < MOST_TRIES; failures += 1) {
      const reply = await send(parts.nextServer(), signed(parts, device, { url, wish }))
      if (reply === 'left') return 'left'
      const answer = reply === 'lost' ? reply : read(tab, reply)
      if (answer === 'served' || answer === 'failed') return answer
      if (answer !== 'lost' && answer !== 'later') return 'refused'
      await timeline.sleep(Math.min(2 * SECOND_MS * 4 ** failures, LONGEST_PAUSE_MS))
    }
    return 'unanswered'
  }

  const purchase = (): Wish => ({ purchaseId: purchaseIdOf(newId()), topUpAmount: TOP_UP_UNITS })
  return {
    async buy(purse) {
      let outcome: Outcome = 'refused'
      for (;;) {
        const paymentMethodId = purse.nextCard()
        if (paymentMethodId === undefined || outcome !== 'refused') return outcome
        outcome = await insist(TOP_UP, { ...purchase(), paymentMethodId, saveCard: true })
      }
    },
    async buyAgain() {
      const { clientId } = tab
      if (clientId === undefined) return 'refused'
      return insist(TOP_UP, { ...purchase(), clientId, savedCard: true })
    },
    async forget() {
      const { clientId } = tab
      return clientId === undefined ? 'refused' : insist(FORGET_CARD, { clientId })
    },
  }
}

function signed(
  { newId }: TabParts,
  device: Device,
  { url, wish }: { url: string; wish: Wish },
): { method: string; url: string; payment: Omit<Payment, 'stripe402Version'> } {
  const payment = device.sign({ ...wish, requestId: requestIdOf(newId()) }, { method: 'POST', url })
  return { method: 'POST', url, payment }
}
