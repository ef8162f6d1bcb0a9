import { refundCharge } from '../after-the-charge.js'
import { invalidParameter, noSuch, refusedRequest } from '../api-error.js'
import type { ChargeRecord } from '../objects/charge.js'
import { refundObject } from '../objects/refund.js'
import { LIST_PARAMS, listPage } from '../pagination.js'
import { emptyable, integer, mergeMetadata, metadata, oneOf, readParams, text } from '../params.js'
import type { Route } from '../route.js'
import type { World } from '../world.js'

const CREATE = {
  amount: integer(1),
  charge: text,
  metadata: emptyable(metadata),
  payment_intent: text,
  reason: oneOf('duplicate', 'fraudulent', 'requested_by_customer'),
} as const

/** Refunds. */
export const refundRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/v1/refunds',
    access: 'secret',
    returns: 'refund',
    run(world, call) {
      const sent = readParams(CREATE, call.params)
      const charge = findCharge(world, sent)
      const leftMinor = charge.capturedMinor - charge.refundedMinor
      if (leftMinor <= 0) {
        throw refusedRequest(`Charge ${charge.id} has already been refunded.`, {
          code: 'charge_already_refunded',
        })
      }
      if (
        [...world.disputes.values()].some(
          (dispute) => dispute.charge === charge.id && !isRefundable(dispute.status),
        )
      ) {
        throw refusedRequest(`Charge ${charge.id} has been charged back; cannot issue a refund.`, {
          code: 'charge_disputed',
        })
      }
      const amountMinor = sent.amount ?? leftMinor
      if (amountMinor > leftMinor) {
        throw refusedRequest(
          `Refund amount (${amountMinor} ${charge.currency}) is greater than unrefunded amount on charge (${leftMinor} ${charge.currency})`,
          { param: 'amount' },
        )
      }
      const refund = refundCharge(world, charge, {
        amountMinor,
        metadata: mergeMetadata({}, sent.metadata),
        reason: sent.reason ?? null,
      })
      return refundObject(refund)
    },
  },
  {
    method: 'GET',
    path: '/v1/refunds/:id',
    access: 'secret',
    returns: 'refund',
    run(world, call) {
      readParams({}, call.params)
      const record = world.refunds.get(call.id)
      if (!record) throw noSuch('refund', call.id, 'id', 404)
      return refundObject(record)
    },
  },
  {
    method: 'GET',
    path: '/v1/refunds',
    access: 'secret',
    returns: 'refund',
    isList: true,
    run(world, call) {
      const params = readParams({ ...LIST_PARAMS, charge: text, payment_intent: text }, call.params)
      if (params.charge !== undefined && !world.charges.has(params.charge))
        throw noSuch('charge', params.charge, 'charge', 400)
      const records = [...world.refunds.values()].filter(
        (record) =>
          (params.charge === undefined || record.charge === params.charge) &&
          (params.payment_intent === undefined || record.paymentIntent === params.payment_intent),
      )
      return listPage({ records, noun: 'refund', params, url: call.path, render: refundObject })
    },
  },
]

/** Money that a dispute took cannot be sent back a second time; an inquiry took none. */
function isRefundable(status: string): boolean {
  return status.startsWith('warning_') || status === 'won'
}

function findCharge(
  world: World,
  sent: { charge: string | undefined; payment_intent: string | undefined },
): ChargeRecord {
  if ((sent.charge === undefined) === (sent.payment_intent === undefined)) {
    throw invalidParameter(
      'One of the following params should be provided for this request: payment_intent or charge.',
      {
        code: sent.charge === undefined ? 'parameter_missing' : 'parameters_exclusive',
      },
    )
  }
  if (sent.charge !== undefined) {
    const charge = world.charges.get(sent.charge)
    if (!charge) throw noSuch('charge', sent.charge, 'charge', 400)
    if (charge.status !== 'succeeded') {
      throw refusedRequest(`Charge ${charge.id} has not succeeded; it cannot be refunded.`, {
        code: 'charge_not_refundable',
      })
    }
    return charge
  }
  const id = sent.payment_intent ?? ''
  const intent = world.paymentIntents.get(id)
  if (!intent) throw noSuch('payment_intent', id, 'payment_intent', 400)
  const charge = intent.latestCharge === null ? undefined : world.charges.get(intent.latestCharge)
  if (!charge || intent.status !== 'succeeded') {
    throw refusedRequest(`This PaymentIntent (${id}) does not have a successful charge to refund.`, {
      code: 'payment_intent_unexpected_state',
      param: 'payment_intent',
    })
  }
  return charge
}
