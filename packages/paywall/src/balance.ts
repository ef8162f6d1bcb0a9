export { Stripe402Balance } from './balance-element.js'
export { register } from './register.js'
