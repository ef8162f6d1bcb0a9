import { noSuch } from '../api-error.js'
import { createId } from '../ids.js'
import { absoluteUrl } from '../intent-rules.js'
import { type WebhookEndpointRecord, webhookEndpointObject } from '../objects/webhook-endpoint.js'
import { LIST_PARAMS, listPage } from '../pagination.js'
import {
  arrayOf,
  boolean,
  emptyable,
  mergeMetadata,
  metadata,
  oneOf,
  readParams,
  required,
  text,
} from '../params.js'
import type { Route } from '../route.js'
import { API_VERSION, type World } from '../world.js'

const DETAILS = {
  description: emptyable(text),
  metadata: emptyable(metadata),
} as const

const render = (record: WebhookEndpointRecord): object => webhookEndpointObject(record, API_VERSION)

/** Webhook endpoints. */
export const webhookEndpointRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/v1/webhook_endpoints',
    access: 'secret',
    returns: 'webhook_endpoint',
    run(world, call) {
      const sent = readParams(
        {
          ...DETAILS,
          api_version: oneOf(API_VERSION),
          enabled_events: required(arrayOf(text)),
          url: required(absoluteUrl),
        },
        call.params,
      )
      const record = addWebhookEndpoint(world, {
        url: sent.url,
        secret: createId('whsec', 32),
        enabledEvents: sent.enabled_events,
      })
      record.description = sent.description ?? null
      record.metadata = mergeMetadata({}, sent.metadata)
      return { ...render(record), secret: record.secret }
    },
  },
  {
    method: 'GET',
    path: '/v1/webhook_endpoints/:id',
    access: 'secret',
    returns: 'webhook_endpoint',
    run(world, call) {
      readParams({}, call.params)
      return render(findEndpoint(world, call.id))
    },
  },
  {
    method: 'POST',
    path: '/v1/webhook_endpoints/:id',
    access: 'secret',
    returns: 'webhook_endpoint',
    run(world, call) {
      const sent = readParams(
        { ...DETAILS, disabled: boolean, enabled_events: arrayOf(text), url: absoluteUrl },
        call.params,
      )
      const record = findEndpoint(world, call.id)
      record.url = sent.url ?? record.url
      record.enabledEvents = sent.enabled_events ?? record.enabledEvents
      record.isDisabled = sent.disabled ?? record.isDisabled
      if (sent.description !== undefined) record.description = sent.description
      record.metadata = mergeMetadata(record.metadata, sent.metadata)
      return render(record)
    },
  },
  {
    method: 'DELETE',
    path: '/v1/webhook_endpoints/:id',
    access: 'secret',
    returns: 'webhook_endpoint',
    run(world, call) {
      readParams({}, call.params)
      const record = findEndpoint(world, call.id)
      world.webhookEndpoints.delete(record.id)
      return { id: record.id, object: 'webhook_endpoint', deleted: true }
    },
  },
  {
    method: 'GET',
    path: '/v1/webhook_endpoints',
    access: 'secret',
    returns: 'webhook_endpoint',
    isList: true,
    run(world, call) {
      const params = readParams(LIST_PARAMS, call.params)
      return listPage({
        records: world.webhookEndpoints.values(),
        noun: 'webhook_endpoint',
        params,
        url: call.path,
        render,
      })
    },
  },
]

/** Registers an endpoint whose secret the caller knows. */
export function addWebhookEndpoint(
  world: World,
  { url, secret, enabledEvents }: { url: string; secret: string; enabledEvents: string[] },
): WebhookEndpointRecord {
  const record: WebhookEndpointRecord = {
    id: createId('we'),
    createdS: world.nowS(),
    url,
    secret,
    enabledEvents,
    description: null,
    metadata: {},
    isDisabled: false,
  }
  world.webhookEndpoints.set(record.id, record)
  return record
}

function findEndpoint(world: World, id: string): WebhookEndpointRecord {
  const record = world.webhookEndpoints.get(id)
  if (!record) throw noSuch('webhook_endpoint', id, 'id', 404)
  return record
}
