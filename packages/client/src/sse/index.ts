export { type PaidEventSource, type PaidEventSourceOptions, paidEventSource } from './paid-event-source.js'
