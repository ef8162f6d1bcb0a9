export type { OnPaymentRequired, Stripe402ClientConfig } from '../create-stripe402-fetch.js'
export { createStripe402Axios } from './create-stripe402-axios.js'
