import type Stripe from 'stripe'

/** A webhook endpoint as the local Stripe keeps it. */
export interface WebhookEndpointRecord {
  id: string
  createdS: number
  url: string
  secret: string
  enabledEvents: string[]
  description: string | null
  metadata: Record<string, string>
  isDisabled: boolean
}

/** Builds the object that the API returns; the secret is shown once, at creation. */
export function webhookEndpointObject(
  record: WebhookEndpointRecord,
  apiVersion: string,
): Stripe.WebhookEndpoint {
  return {
    id: record.id,
    object: 'webhook_endpoint',
    api_version: apiVersion,
    application: null,
    created: record.createdS,
    description: record.description,
    enabled_events: record.enabledEvents,
    livemode: false,
    metadata: record.metadata,
    status: record.isDisabled ? 'disabled' : 'enabled',
    url: record.url,
  }
}
