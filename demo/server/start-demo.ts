import { BlankStoreError, createStripe402, StoreUnavailableError } from '@stripe402/server'
import { takeDataFolder } from './data-folder.js'
import { createDemoApp } from './demo-app.js'
import { DemoError } from './demo-error.js'
import type { DemoSettings } from './demo-settings.js'
import { closeServer, patientServer } from './http-server.js'
import { listen } from './listen.js'
import { startLocalStripe } from './local-stripe.js'
import { openStore } from './open-store.js'
import { keptSecret } from './server-secret.js'

/** Where things are when the environment does not say. */
export interface DemoPlaces {
  /** Folder of the built site. */
  site: string
  dataFolder: string
}

/** A demo that answers. */
export interface Demo {
  url: string
  /** `null`: real keys are in use. */
  localStripeUrl: string | null
  /** Answers what is under way, writes what is due, and closes everything. */
  close(): Promise<void>
}

/** How long answers that are on their way may take when the demo ends. */
const GRACE_MS = 3_000

/**
 * Starts the local Stripe (unless there are keys), opens the store, and serves the demo.
 *
 * @param say told, line by line, what a person in front of a terminal wants to know
 * @throws DemoError for what the person can mend; whatever had been opened is closed again.
 */
export async function startDemo(
  settings: DemoSettings,
  places: DemoPlaces,
  say: (line: string) => void = () => {},
): Promise<Demo> {
  const opened: (() => Promise<void>)[] = []
  const close = async (): Promise<void> => {
    for (const undo of opened.splice(0).reverse()) await undo()
  }
  try {
    const data = await takeDataFolder(settings.dataFolder ?? places.dataFolder)
    opened.push(data.release)
    const localStripe = settings.stripeKeys ? null : await startLocalStripe(settings.stripeLocalPort)
    if (localStripe) opened.push(localStripe.close)

    // The port comes before the database: addresses have it in them, and a taken one is told at once.
    const { server, answerWith } = patientServer()
    const port = await listen(server, settings.port, 'PORT')
    const stopServing = (): Promise<void> => closeServer(server, GRACE_MS)
    opened.push(stopServing)
    const url = `http://localhost:${port}`
    localStripe?.deliverTo(`http://127.0.0.1:${port}/.well-known/stripe402/webhook`)

    if (localStripe) say(`local Stripe ${localStripe.url}`)

    const store = await openStore(settings, data.path, say)
    opened.push(store.close)
    const keys = settings.stripeKeys ?? localStripe?.keys
    if (!keys) throw new TypeError('unreachable: without keys there is a local Stripe that has some')
    const stripe402 = createStripe402({
      stripe: { secretKey: keys.secretKey, apiBase: keys.apiBase },
      publishableKey: keys.publishableKey,
      secret: settings.serverSecret ?? [await keptSecret(data.path)],
      store: store.store,
      payee: { name: 'stripe402 demo', supportUrl: `${url}/terms#support`, termsUrl: `${url}/terms` },
      paywallScriptUrl: '/static/paywall-page.js',
      ...(keys.webhookSecret !== undefined && { webhookSecret: keys.webhookSecret }),
    })
    opened.push(() => stripe402.close())
    await stripe402.start().catch((cause) => {
      if (cause instanceof BlankStoreError) throw new DemoError(`${store.name}: ${cause.message}`, { cause })
      if (!(cause instanceof StoreUnavailableError)) throw cause
      throw new DemoError(`${store.name} cannot be reached: is it running, and is its address right?`, {
        cause,
      })
    })
    // Undone first this time: no request may find the engine closing.
    opened.push(stopServing)

    answerWith(
      createDemoApp({
        stripe402,
        site: places.site,
        config: {
          mode: localStripe ? 'local' : 'test',
          publishableKey: keys.publishableKey,
          stripeJsUrl: localStripe && `${localStripe.url}/endive/stripe.js`,
        },
      }),
    )
    say(`demo ready ${url}`)
    return { url, localStripeUrl: localStripe?.url ?? null, close }
  } catch (error) {
    await close()
    throw error
  }
}
