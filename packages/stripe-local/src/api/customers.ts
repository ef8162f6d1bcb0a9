import { noSuch } from '../api-error.js'
import { createId } from '../ids.js'
import { type CustomerRecord, customerObject } from '../objects/customer.js'
import { LIST_PARAMS, listPage } from '../pagination.js'
import { emptyable, mergeMetadata, metadata, object, readParams, text, textUpTo } from '../params.js'
import type { Route } from '../route.js'
import { SEARCH_PARAMS, searchPage } from '../search.js'
import type { World } from '../world.js'
import { addAttached } from './payment-methods.js'

const DETAILS = {
  description: emptyable(textUpTo(350)),
  email: emptyable(textUpTo(512)),
  name: emptyable(textUpTo(256)),
  phone: emptyable(textUpTo(20)),
  metadata: emptyable(metadata),
} as const

/** Customers. */
export const customerRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/v1/customers',
    access: 'secret',
    returns: 'customer',
    run(world, call) {
      const sent = readParams({ ...DETAILS, payment_method: text }, call.params)
      const record: CustomerRecord = {
        id: createId('cus', 14),
        createdS: world.nowS(),
        isDeleted: false,
        description: sent.description ?? null,
        email: sent.email ?? null,
        name: sent.name ?? null,
        phone: sent.phone ?? null,
        metadata: mergeMetadata({}, sent.metadata),
        defaultPaymentMethod: null,
      }
      if (sent.payment_method !== undefined) addAttached(world, sent.payment_method, record.id, 400)
      world.customers.set(record.id, record)
      world.emit('customer.created', customerObject(record))
      return customerObject(record)
    },
  },
  {
    method: 'GET',
    path: '/v1/customers/search',
    access: 'secret',
    returns: 'customer',
    isList: true,
    run(world, call) {
      const records = [...world.customers.values()].filter((record) => !record.isDeleted)
      const params = readParams(SEARCH_PARAMS, call.params)
      return searchPage({ world, records, params, url: call.path, render: customerObject })
    },
  },
  {
    method: 'GET',
    path: '/v1/customers/:id',
    access: 'secret',
    returns: 'customer',
    run(world, call) {
      readParams({}, call.params)
      const record = world.customers.get(call.id)
      if (!record) throw noSuch('customer', call.id, 'id', 404)
      return customerObject(record)
    },
  },
  {
    method: 'POST',
    path: '/v1/customers/:id',
    access: 'secret',
    returns: 'customer',
    run(world, call) {
      const sent = readParams(
        { ...DETAILS, invoice_settings: object({ default_payment_method: emptyable(text) }) },
        call.params,
      )
      const record = findCustomer(world, call.id)
      const chosen = sent.invoice_settings?.default_payment_method
      if (typeof chosen === 'string' && world.paymentMethods.get(chosen)?.customer !== record.id) {
        throw noSuch('PaymentMethod', chosen, 'invoice_settings[default_payment_method]', 400)
      }
      if (sent.description !== undefined) record.description = sent.description
      if (sent.email !== undefined) record.email = sent.email
      if (sent.name !== undefined) record.name = sent.name
      if (sent.phone !== undefined) record.phone = sent.phone
      if (chosen !== undefined) record.defaultPaymentMethod = chosen
      record.metadata = mergeMetadata(record.metadata, sent.metadata)
      world.emit('customer.updated', customerObject(record))
      return customerObject(record)
    },
  },
  {
    method: 'DELETE',
    path: '/v1/customers/:id',
    access: 'secret',
    returns: 'customer',
    run(world, call) {
      readParams({}, call.params)
      const record = findCustomer(world, call.id)
      world.emit('customer.deleted', customerObject(record))
      record.isDeleted = true
      for (const method of world.paymentMethods.values()) {
        if (method.customer !== record.id) continue
        method.customer = null
        method.isUsedUp = true
      }
      return customerObject(record)
    },
  },
  {
    method: 'GET',
    path: '/v1/customers',
    access: 'secret',
    returns: 'customer',
    isList: true,
    run(world, call) {
      const params = readParams({ ...LIST_PARAMS, email: text }, call.params)
      const records = [...world.customers.values()].filter(
        (record) => !record.isDeleted && (params.email === undefined || record.email === params.email),
      )
      return listPage({ records, noun: 'customer', params, url: call.path, render: customerObject })
    },
  },
]

function findCustomer(world: World, id: string): CustomerRecord {
  const record = world.customers.get(id)
  if (!record || record.isDeleted) throw noSuch('customer', id, 'id', 404)
  return record
}
