import { submitEvidence } from '../after-the-charge.js'
import { noSuch, refusedRequest } from '../api-error.js'
import { disputeObject } from '../objects/dispute.js'
import { earlyFraudWarningObject } from '../objects/early-fraud-warning.js'
import { LIST_PARAMS, listPage } from '../pagination.js'
import { boolean, emptyable, mergeMetadata, metadata, object, readParams, text, textUpTo } from '../params.js'
import type { Route } from '../route.js'

/** Disputes and early fraud warnings; only the payer's bank makes them. */
export const disputeRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/disputes/:id',
    access: 'secret',
    returns: 'dispute',
    run(world, call) {
      readParams({}, call.params)
      const record = world.disputes.get(call.id)
      if (!record) throw noSuch('dispute', call.id, 'id', 404)
      return disputeObject(record)
    },
  },
  {
    method: 'POST',
    path: '/v1/disputes/:id',
    access: 'secret',
    returns: 'dispute',
    run(world, call) {
      const sent = readParams(
        {
          evidence: object({ uncategorized_text: textUpTo(20_000) }),
          metadata: emptyable(metadata),
          submit: boolean,
        },
        call.params,
      )
      const record = world.disputes.get(call.id)
      if (!record) throw noSuch('dispute', call.id, 'id', 404)
      if (sent.evidence && !record.status.endsWith('needs_response')) {
        throw refusedRequest(`This dispute is ${record.status}; it takes no more evidence.`)
      }
      record.metadata = mergeMetadata(record.metadata, sent.metadata)
      record.evidenceText = sent.evidence?.uncategorized_text ?? record.evidenceText
      if (sent.evidence && sent.submit !== false) submitEvidence(world, record)
      return disputeObject(record)
    },
  },
  {
    method: 'GET',
    path: '/v1/disputes',
    access: 'secret',
    returns: 'dispute',
    isList: true,
    run(world, call) {
      const params = readParams({ ...LIST_PARAMS, charge: text, payment_intent: text }, call.params)
      const records = [...world.disputes.values()].filter(
        (record) =>
          (params.charge === undefined || record.charge === params.charge) &&
          (params.payment_intent === undefined || record.paymentIntent === params.payment_intent),
      )
      return listPage({ records, noun: 'dispute', params, url: call.path, render: disputeObject })
    },
  },
  {
    method: 'GET',
    path: '/v1/radar/early_fraud_warnings/:id',
    access: 'secret',
    returns: 'early_fraud_warning',
    run(world, call) {
      readParams({}, call.params)
      const record = world.earlyFraudWarnings.get(call.id)
      if (!record) throw noSuch('early_fraud_warning', call.id, 'id', 404)
      return earlyFraudWarningObject(record)
    },
  },
  {
    method: 'GET',
    path: '/v1/radar/early_fraud_warnings',
    access: 'secret',
    returns: 'early_fraud_warning',
    isList: true,
    run(world, call) {
      const params = readParams({ ...LIST_PARAMS, charge: text, payment_intent: text }, call.params)
      const records = [...world.earlyFraudWarnings.values()].filter(
        (record) =>
          (params.charge === undefined || record.charge === params.charge) &&
          (params.payment_intent === undefined || record.paymentIntent === params.payment_intent),
      )
      return listPage({
        records,
        noun: 'early_fraud_warning',
        params,
        url: call.path,
        render: earlyFraudWarningObject,
      })
    },
  },
]
