import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base, expect } from '@playwright/test'
import { type DemoProcess, startDemoProcess } from './demo-process.js'
import { expectGoodManners, watchPages } from './page-watch.js'

/** The demo as a visitor starts it: no keys, a Stripe of its own, and nothing rerouted in the browser. */
export const test = base.extend<{ demo: DemoProcess }>({
  demo: async ({ context }, use) => {
    const dataFolder = await mkdtemp(join(tmpdir(), 'stripe402-demo-'))
    const demo = await startDemoProcess({ PORT: '0', STRIPE_LOCAL_PORT: '0', DEMO_DATA: dataFolder })
    const watch = await watchPages(context)
    await use(demo)
    expect(await demo.stop()).toBe(0)
    await rm(dataFolder, { recursive: true })
    expectGoodManners(watch)
    const foreign = watch.requests.filter(({ url }) => !/^(http:\/\/localhost:|data:|blob:|about:)/.test(url))
    expect(foreign, 'requests that leave this computer').toEqual([])
  },
})

export { expect }
