import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Stripe from 'stripe'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { CARD_PAYMENT, failureOf, typed } from './in-process.fixture.js'
import { type StripeLocalServer, startStripeLocal } from './index.js'

let folder: string
let server: StripeLocalServer
let stripe: Stripe
let browser: Stripe

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stripe-js-'))
  await mkdir(join(folder, 'built', 'frames'), { recursive: true })
  await writeFile(join(folder, 'built', 'stripe.js'), 'window.Stripe = null')
  await writeFile(join(folder, 'built', 'frames', 'card-form.html'), '<!doctype html>')
  await writeFile(join(folder, 'secret.json'), '{}')
  server = await startStripeLocal({ stripeJsFolder: join(folder, 'built') })
  const settings = { host: '127.0.0.1', port: server.port, protocol: 'http', telemetry: false } as const
  stripe = new Stripe('sk_test_local', { ...settings, maxNetworkRetries: 0, timeout: 500 })
  browser = new Stripe('pk_test_local', settings)
})
beforeEach(() => server.stripeLocal.reset())
afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true })
})

async function admin(
  method: string,
  path: string,
  body?: object,
): Promise<{ status: number; json: unknown }> {
  const response = await fetch(`${server.url}/_local${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: response.status, json: await response.json() }
}

/** Sends a path as it is; fetch would tidy it up. */
function rawStatus(path: string, headers: Record<string, string> = {}): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port: server.port, path, headers }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
      .on('error', reject)
      .end()
  })
}

describe('startStripeLocal', () => {
  it('carries a payment with 3-D Secure from browser and server', async () => {
    const method = await browser.paymentMethods.create(typed('4000002760003184'))
    const { id } = await stripe.paymentIntents.create(CARD_PAYMENT)
    const waiting = await stripe.paymentIntents.confirm(id, {
      payment_method: method.id,
      use_stripe_sdk: true,
    })
    expect(waiting.status).toBe('requires_action')
    await browser.rawRequest('POST', '/v1/3ds2/authenticate', {
      intent: id,
      client_secret: waiting.client_secret,
      outcome: 'approve',
    })
    expect(await stripe.paymentIntents.retrieve(id)).toMatchObject({
      status: 'succeeded',
      amount_received: 500,
    })
  })

  it('really closes the socket after the effect', async () => {
    server.stripeLocal.faults.add({ path: '/v1/payment_intents', kind: 'cut', times: 'always' })
    const error = await failureOf(stripe.paymentIntents.create(CARD_PAYMENT))
    expect(error).toMatchObject({ type: 'StripeConnectionError', detail: { code: 'ECONNRESET' } })
    expect(server.stripeLocal.state.paymentIntents()).toHaveLength(1)
  })

  it('hangs until the client gives up', async () => {
    server.stripeLocal.faults.add({ path: '/v1/customers', kind: 'hang' })
    expect((await failureOf(stripe.customers.create())).message).toContain('timeout')
  })

  it('answers browsers of any origin', async () => {
    const preflight = await fetch(`${server.url}/v1/payment_methods`, {
      method: 'OPTIONS',
      headers: { origin: 'https://js.stripe.com', 'access-control-request-method': 'POST' },
    })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*')
    for (const name of ['authorization', 'content-type', 'idempotency-key', 'stripe-version']) {
      expect(preflight.headers.get('access-control-allow-headers')).toContain(name)
    }
    const answer = await fetch(`${server.url}/v1/payment_methods`, {
      method: 'POST',
      headers: { origin: 'https://js.stripe.com', authorization: 'Bearer pk_test_local' },
      body: new URLSearchParams({ type: 'card' }),
    })
    expect(answer.status).toBe(400)
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
  })

  it('serves Stripe.js and its frames, and nothing beside them', async () => {
    const script = await fetch(`${server.url}/endive/stripe.js`)
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(await script.text()).toBe('window.Stripe = null')
    const frame = await fetch(`${server.url}/endive/frames/card-form.html`)
    expect(frame.headers.get('content-type')).toBe('text/html; charset=utf-8')
    for (const path of [
      '/endive/../secret.json',
      '/endive/..%2fsecret.json',
      '/endive/%2e%2e/secret.json',
      '/endive/none.js',
    ]) {
      expect(await rawStatus(path)).toBe(404)
    }
    expect(await rawStatus('/endive/..%5csecret.json')).toBe(400)
    expect(await rawStatus('/endive/%zz')).toBe(400)
  })

  it('says what to do when Stripe.js is not built', async () => {
    const bare = await startStripeLocal({ stripeJsFolder: join(folder, 'missing') })
    const answer = await fetch(`${bare.url}/endive/stripe.js`)
    expect(answer.status).toBe(503)
    expect(await answer.text()).toContain('npm run build')
    await bare.close()
  })

  it('is reached by its own names only', async () => {
    expect(await rawStatus('/v1/customers', { host: 'evil.example' })).toBe(421)
    expect(await rawStatus('/v1/customers', { host: `localhost:${server.port}` })).toBe(401)
    await expect(startStripeLocal({ host: '0.0.0.0' })).rejects.toThrow('loopback only')
  })

  it('closes although requests hang and connections are kept alive', async () => {
    const other = await startStripeLocal()
    other.stripeLocal.faults.add({ kind: 'hang' })
    const hanging = fetch(`${other.url}/v1/customers`, {
      headers: { authorization: 'Bearer sk_test_local' },
    }).then(
      () => 'answered',
      () => 'closed',
    )
    await expect.poll(() => other.stripeLocal.log.entries.length).toBe(1)
    await other.close()
    expect(await hanging).toBe('closed')
    await expect(fetch(other.url)).rejects.toThrow()
  })
})

describe('StripeLocalServer.close', () => {
  it('cuts a connection whose request has not ended', async () => {
    const other = await startStripeLocal()
    const socket = connect(other.port, '127.0.0.1')
    socket.on('error', () => {})
    const closed = new Promise((resolve) => socket.once('close', resolve))
    const head = 'POST /v1/customers HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\nname'
    await new Promise((resolve) => socket.write(head, resolve))
    await expect.poll(() => socket.bytesWritten).toBe(head.length)
    await other.close()
    await closed
    expect(socket.destroyed).toBe(true)
  })
})

describe('/_local', () => {
  it('shows the log and what there is', async () => {
    await stripe.customers.create({ name: 'Ada' })
    expect((await admin('GET', '/log')).json).toMatchObject([{ path: '/v1/customers', status: 200 }])
    expect((await admin('GET', '/state')).json).toMatchObject({ customers: [{ name: 'Ada' }], charges: [] })
    await admin('POST', '/reset')
    expect((await admin('GET', '/log')).json).toEqual([])
  })

  it('adds and takes away faults', async () => {
    await admin('POST', '/faults', {
      path: '/v1/customers',
      kind: 'status',
      status: 500,
      when: 'after',
      times: 'always',
    })
    expect(await failureOf(stripe.customers.create())).toMatchObject({ statusCode: 500 })
    await admin('DELETE', '/faults')
    await stripe.customers.create()
    await admin('POST', '/faults', { fault: '429' })
    expect(await failureOf(stripe.customers.list())).toMatchObject({ statusCode: 429 })
  })

  it('is the bank', async () => {
    const waiting = await stripe.paymentIntents.create({
      ...CARD_PAYMENT,
      payment_method: 'pm_card_authenticationRequired',
      confirm: true,
    })
    expect((await admin('POST', '/authenticate', { id: waiting.id, outcome: 'approve' })).status).toBe(200)
    expect((await stripe.paymentIntents.retrieve(waiting.id)).status).toBe('succeeded')
    expect((await admin('POST', '/disputes', { id: waiting.id })).json).toMatchObject({
      status: 'needs_response',
    })
  })

  it('refuses what makes no sense', async () => {
    expect((await admin('GET', '/nothing')).status).toBe(404)
    expect(await admin('POST', '/authenticate', { id: 'pi_none', outcome: 'approve' })).toMatchObject({
      status: 400,
      json: { error: 'The local Stripe knows no pi_none.' },
    })
    expect((await admin('POST', '/faults', { kind: 'explode' })).status).toBe(400)
    expect((await admin('POST', '/webhooks', { mode: 'never' })).status).toBe(400)
  })

  it('is not for web pages', async () => {
    const preflight = await fetch(`${server.url}/_local/reset`, {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    })
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull()
  })
})
