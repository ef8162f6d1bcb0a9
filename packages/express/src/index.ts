export { type ExpressPaywall, expressPaywall } from './express-paywall.js'
export { paymentEndpoints, paymentRequired } from './one-liner.js'
export type { RouteMap } from './route-map.js'
export { type RouteConfig, type Stripe402ServerConfig, stripe402Middleware } from './stripe402-middleware.js'
