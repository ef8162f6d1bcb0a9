import { Stripe402Balance } from './balance-element.js'
import { Stripe402Paywall } from './paywall-element.js'
import { register } from './register.js'

register({ 'stripe402-paywall': Stripe402Paywall, 'stripe402-balance': Stripe402Balance })

export * from './index.js'
