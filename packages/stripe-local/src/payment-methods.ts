import { noSuch, refusedRequest } from './api-error.js'
import { cardOfName, type VaultedCard } from './card-number.js'
import { testCardByName } from './cards.js'
import { createId } from './ids.js'
import { fullPaymentMethod, noBillingDetails, type PaymentMethodRecord } from './objects/payment-method.js'
import type { World } from './world.js'

const USED_UP =
  'The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, shared with a connected account without Customer attachment, or was detached from a Customer. It may not be used again. To use a PaymentMethod multiple times, you must attach it to a Customer first.'

/** Puts a card into the vault as a new PaymentMethod that is attached to nobody. */
export function addPaymentMethod(
  world: World,
  card: VaultedCard,
  details: Partial<Pick<PaymentMethodRecord, 'allowRedisplay' | 'billingDetails' | 'metadata'>> = {},
): PaymentMethodRecord {
  const record: PaymentMethodRecord = {
    id: createId('pm'),
    createdS: world.nowS(),
    account: world.account,
    card,
    customer: null,
    billingDetails: noBillingDetails(),
    metadata: {},
    allowRedisplay: 'unspecified',
    isUsedUp: false,
    isSetUp: card.testCard.authentication === 'on-session',
    ...details,
  }
  world.paymentMethods.set(record.id, record)
  return record
}

/**
 * Finds a PaymentMethod; each use of a name such as `pm_card_visa` makes a new one, as Stripe does.
 * @throws ApiError `resource_missing`, 404 when the id stands in the path
 */
export function findPaymentMethod(world: World, id: string, status: 400 | 404 = 400): PaymentMethodRecord {
  const testCard = id.startsWith('pm_card_') ? testCardByName(id) : undefined
  if (testCard) return addPaymentMethod(world, cardOfName(testCard, world.nowMs()))
  const record = world.paymentMethods.get(id)
  if (!record) throw noSuch('PaymentMethod', id, 'payment_method', status)
  return record
}

/**
 * Checks that a PaymentMethod may be tried for this customer.
 * @throws ApiError 400 when it is used up or belongs to somebody else
 */
export function checkUsable(record: PaymentMethodRecord, customer: string | null): void {
  if (record.isUsedUp) throw refusedRequest(USED_UP, { param: 'payment_method' })
  if (record.customer === null || record.customer === customer) return
  if (customer === null) {
    throw refusedRequest(
      'The PaymentMethod supplied belongs to a Customer. Please include the Customer in the `customer` parameter on the PaymentIntent.',
      { param: 'payment_method' },
    )
  }
  throw refusedRequest(
    `The customer does not have a payment method with the ID ${record.id}. The payment method must be attached to the customer.`,
    { code: 'resource_missing', param: 'payment_method' },
  )
}

/** Attaches a PaymentMethod that Stripe has found usable. */
export function attachTo(world: World, record: PaymentMethodRecord, customer: string): void {
  record.customer = customer
  record.isUsedUp = false
  world.emit('payment_method.attached', fullPaymentMethod(record))
}
