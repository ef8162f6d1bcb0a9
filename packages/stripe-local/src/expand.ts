import { invalidParameter } from './api-error.js'
import type { FormTree } from './form.js'
import { chargeObject } from './objects/charge.js'
import { customerObject } from './objects/customer.js'
import { paymentIntentObject } from './objects/payment-intent.js'
import { paymentMethodObject, type Viewer } from './objects/payment-method.js'
import { setupAttemptObject } from './objects/setup-attempt.js'
import { arrayOf, text } from './params.js'
import type { ObjectName } from './route.js'
import type { World } from './world.js'

/** Which members hold an id that can be replaced by the object. */
const EXPANDABLE: Readonly<Record<ObjectName, Readonly<Record<string, ObjectName>>>> = {
  charge: { customer: 'customer', payment_intent: 'payment_intent' },
  confirmation_token: {},
  customer: { 'invoice_settings.default_payment_method': 'payment_method' },
  dispute: { charge: 'charge', payment_intent: 'payment_intent' },
  early_fraud_warning: { charge: 'charge', payment_intent: 'payment_intent' },
  event: {},
  payment_intent: { customer: 'customer', latest_charge: 'charge', payment_method: 'payment_method' },
  payment_method: { customer: 'customer' },
  refund: {
    charge: 'charge',
    customer: 'customer',
    payment_intent: 'payment_intent',
    payment_method: 'payment_method',
  },
  setup_attempt: { customer: 'customer', payment_method: 'payment_method' },
  setup_intent: { customer: 'customer', latest_attempt: 'setup_attempt', payment_method: 'payment_method' },
  token: {},
  webhook_endpoint: {},
}

const MAX_DEPTH = 4

/** What to expand: for each member its path to the id, and what is to be expanded in the object found there. */
export interface Expansion {
  member: string
  inner: Expansion[]
}

/** What an answer consists of. */
export interface Answered {
  returns: ObjectName
  isList?: true
}

/**
 * Takes `expand` out of the parameters and checks it before anything happens.
 * @throws ApiError 400 for a property that cannot be expanded
 */
export function readExpand(params: FormTree, { returns, isList }: Answered, viewer: Viewer): Expansion[] {
  const paths = arrayOf(text)(params.expand, 'expand') ?? []
  delete params.expand
  return paths.map((path) => {
    if (path.split('.').length > MAX_DEPTH) {
      throw invalidParameter(`You cannot expand more than ${MAX_DEPTH} levels of a property (${path}).`, {
        param: 'expand',
      })
    }
    if (isList !== true) return expansionOf(returns, path, path, viewer)
    if (!path.startsWith('data.')) throw cannotExpand(path)
    return expansionOf(returns, path.slice('data.'.length), path, viewer)
  })
}

/** Replaces ids by objects. */
export function expand(
  world: World,
  answer: object,
  expansions: Expansion[],
  viewer: Viewer,
  isList?: true,
): object {
  if (expansions.length === 0) return answer
  if (isList && 'data' in answer && Array.isArray(answer.data)) {
    return { ...answer, data: answer.data.map((item: object) => expandAll(world, item, expansions, viewer)) }
  }
  return expandAll(world, answer, expansions, viewer)
}

function expansionOf(from: ObjectName, path: string, whole: string, viewer: Viewer): Expansion {
  const members = EXPANDABLE[from]
  const member = Object.keys(members).find((name) => path === name || path.startsWith(`${name}.`))
  const target = member === undefined ? undefined : members[member]
  if (member === undefined || target === undefined) throw cannotExpand(whole)
  if (viewer === 'publishable' && target !== 'payment_method') throw cannotExpand(whole)
  const rest = path.slice(member.length + 1)
  return { member, inner: rest === '' ? [] : [expansionOf(target, rest, whole, viewer)] }
}

function cannotExpand(path: string): Error {
  return invalidParameter(
    `This property cannot be expanded (${path}). You may want to try expanding 'data.${path}' or a property of it.`,
    { param: 'expand' },
  )
}

function expandAll(world: World, object: object, expansions: Expansion[], viewer: Viewer): object {
  return expansions.reduce((expanded, { member, inner }) => {
    return replace(expanded, member.split('.'), (value) => {
      const found = typeof value === 'string' ? objectOf(world, value, viewer) : value
      return typeof found === 'object' && found !== null ? expandAll(world, found, inner, viewer) : value
    })
  }, object)
}

function replace(
  object: object,
  [name = '', ...rest]: string[],
  change: (value: unknown) => unknown,
): object {
  const entries = Object.entries(object).map(([key, value]: [string, unknown]): [string, unknown] => {
    if (key !== name) return [key, value]
    if (rest.length === 0) return [key, change(value)]
    return [key, typeof value === 'object' && value !== null ? replace(value, rest, change) : value]
  })
  return Object.fromEntries(entries)
}

function objectOf(world: World, id: string, viewer: Viewer): object | undefined {
  const paymentMethod = world.paymentMethods.get(id)
  if (paymentMethod) return paymentMethodObject(paymentMethod, viewer)
  const customer = world.customers.get(id)
  if (customer) return customerObject(customer)
  const charge = world.charges.get(id)
  if (charge) return chargeObject(charge)
  const attempt = world.setupAttempts.get(id)
  if (attempt) return setupAttemptObject(attempt)
  const intent = world.paymentIntents.get(id)
  return intent && paymentIntentObject(intent)
}
