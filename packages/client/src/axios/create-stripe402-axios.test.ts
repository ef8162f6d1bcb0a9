import { once } from 'node:events'
import { Agent, createServer } from 'node:http'
import axios from 'axios'
import { expect, test } from 'vitest'
import { createSeller } from '../testing/seller.fixture.js'
import { createStripe402Axios } from './create-stripe402-axios.js'

test.each(['http', 'fetch'] as const)(
  'createStripe402Axios lets go of a 402 that is a stream: %s adapter',
  async (adapter) => {
    const server = createServer(createSeller())
    // Nor does the server let go of a connection.
    server.keepAliveTimeout = 0
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const address = server.address()
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/shop/stream/paid/100`
    // The paid request needs the only socket.
    const httpAgent = new Agent({ keepAlive: true, maxSockets: 1 })
    const instance = createStripe402Axios(axios.create({ adapter, httpAgent, responseType: 'stream' }), {
      onPaymentRequired: async () => ({ paymentMethodId: 'pm_good', topUpAmount: 50_000 }),
    })
    try {
      const { status, data } = await instance.get(url)
      let text = ''
      for await (const chunk of data) text += Buffer.from(chunk).toString()
      expect([status, JSON.parse(text).price]).toEqual([200, 100])
    } finally {
      httpAgent.destroy()
      server.closeAllConnections()
      server.close()
    }
  },
)
