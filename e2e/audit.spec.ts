import { expect, test } from '@playwright/test'
import { isClientId } from '@stripe402/core'
import { startDemoForTest } from './demo-for-test.js'

test.describe('the audit after each test', () => {
  test('fails the test that leaves credit which nobody paid for', async () => {
    const demo = await startDemoForTest()
    const clientId = 'a'.repeat(64)
    if (!isClientId(clientId)) throw new TypeError(clientId)
    const account = { clientId, currency: 'usd' }
    await demo.store.credit({ ...account, units: 1, paymentIntentId: 'pi_nobody', purchaseId: null })
    await expect(demo.close()).rejects.toThrow('credited_not_charged usd: credited 1, charged 0 (pi_nobody)')
  })

  test('has nothing to say about a demo in which nothing happened', async () => {
    await (await startDemoForTest()).close()
  })
})
