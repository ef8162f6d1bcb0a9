import { noSuch } from '../api-error.js'
import { createId } from '../ids.js'
import { type TokenRecord, tokenObject } from '../objects/token.js'
import { integer, object, readParams, required, text, textUpTo } from '../params.js'
import type { Route } from '../route.js'
import { readCard } from './payment-methods.js'

const CARD = {
  number: required(textUpTo(40)),
  exp_month: required(integer(-1, 9999)),
  exp_year: required(integer(0, 9999)),
  cvc: textUpTo(10),
  name: text,
} as const

/** Card tokens. */
export const tokenRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/v1/tokens',
    access: 'publishable',
    returns: 'token',
    run(world, call) {
      const { card } = readParams({ card: required(object(CARD)) }, call.params)
      const record: TokenRecord = {
        id: createId('tok'),
        cardId: createId('card'),
        createdS: world.nowS(),
        account: world.account,
        card: readCard(world, { ...card, token: undefined }, call.viewer),
        name: card.name ?? null,
        isUsed: false,
      }
      world.tokens.set(record.id, record)
      return tokenObject(record, call.viewer)
    },
  },
  {
    method: 'GET',
    path: '/v1/tokens/:id',
    access: 'secret',
    returns: 'token',
    run(world, call) {
      readParams({}, call.params)
      const record = world.tokens.get(call.id)
      if (!record) throw noSuch('token', call.id, 'token', 404)
      return tokenObject(record, 'secret')
    },
  },
]
