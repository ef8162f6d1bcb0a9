import { noSuch } from '../api-error.js'
import { chargeObject } from '../objects/charge.js'
import { LIST_PARAMS, listPage } from '../pagination.js'
import { readParams, text } from '../params.js'
import type { Route } from '../route.js'
import { SEARCH_PARAMS, searchPage } from '../search.js'

/** Charges; only PaymentIntents make them. */
export const chargeRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/charges/search',
    access: 'secret',
    returns: 'charge',
    isList: true,
    run(world, call) {
      const params = readParams(SEARCH_PARAMS, call.params)
      return searchPage({
        world,
        records: world.charges.values(),
        params,
        url: call.path,
        render: chargeObject,
      })
    },
  },
  {
    method: 'GET',
    path: '/v1/charges/:id',
    access: 'secret',
    returns: 'charge',
    run(world, call) {
      readParams({}, call.params)
      const record = world.charges.get(call.id)
      if (!record) throw noSuch('charge', call.id, 'id', 404)
      return chargeObject(record)
    },
  },
  {
    method: 'GET',
    path: '/v1/charges',
    access: 'secret',
    returns: 'charge',
    isList: true,
    run(world, call) {
      const params = readParams({ ...LIST_PARAMS, customer: text, payment_intent: text }, call.params)
      const records = [...world.charges.values()].filter(
        (record) =>
          (params.customer === undefined || record.customer === params.customer) &&
          (params.payment_intent === undefined || record.paymentIntent === params.payment_intent),
      )
      return listPage({ records, noun: 'charge', params, url: call.path, render: chargeObject })
    },
  },
]
