import express, { type Request, type Response } from 'express'
import { findSettlement, type Settlement, settleHead } from './settlement.js'

let isDone = false

/**
 * Teaches Express's responses to settle what they were paid for, and its requests to know their payment; on the
 * prototypes that Express exports to be extended, and once.
 *
 * A property of each single request and response would do as well, but cost some four microseconds each: Express changes
 * their prototypes, and V8 makes a hidden class of its own for every property that is added after that.
 */
export function extendExpress(): void {
  if (isDone) return
  isDone = true
  const { writeHead } = express.response
  define(express.response, 'writeHead', {
    writable: true,
    value(this: Response, ...args: unknown[]): Response {
      const settlement = findSettlement(this)
      if (!settlement) return Reflect.apply(writeHead, this, args)
      return settleHead(this, settlement, { writeHead, args })
    },
  })
  define(express.request, 'payment', {
    get(this: Request) {
      return this.res && findSettlement(this.res)?.grants.at(-1)?.info
    },
    // An app may have a use of its own for the name.
    set(this: Request, value: unknown) {
      define(this, 'payment', { value, writable: true, enumerable: true })
    },
  })
}

/** Whether a response is of the Express that was extended; there may be another copy in the same process. */
export function isExtended(response: Response): boolean {
  return Object.prototype.isPrototypeOf.call(express.response, response)
}

/** Teaches the same to one request and its response, whatever becomes of their prototypes. */
export function hookOne(request: Request, response: Response, settlement: Settlement): void {
  const info = settlement.grants.at(-1)?.info
  if (info) request.payment = info
  if (settlement.isHooked) return
  settlement.isHooked = true
  const { writeHead } = response
  response.writeHead = (...args: unknown[]) => {
    const headed = settleHead(response, settlement, { writeHead, args })
    if (settlement.isSettled && isExtended(response))
      for (const gate of settlement.gates) if (gate.sharedHook === 'unknown') gate.sharedHook = 'kept'
    return headed
  }
}

function define(target: object, name: string, property: PropertyDescriptor): void {
  Object.defineProperty(target, name, { configurable: true, ...property })
}
