import type { BalanceRecording } from '@stripe402/paywall/preview'

/** One panel of the gallery. */
export interface RecordedBalance extends BalanceRecording {
  id: string
  title: string
}

const balance = { origin: 'https://api.nordlys.example', currency: 'usd', units: 48_300 }
const at = (minutes: number): number => Date.UTC(2026, 2, 14, 9, 30) - minutes * 60_000

/** What opens from `<stripe402-balance>`. */
export const BALANCES: readonly RecordedBalance[] = [
  {
    id: 'balance',
    title: 'Credit, and where it went',
    balance,
    history: {
      step: 'more',
      entries: [
        { id: '5', atMs: at(2), kind: 'spend', units: -500, reference: 'GET /v1/forecast?city=tromso' },
        { id: '4', atMs: at(3), kind: 'spend', units: -1, reference: 'GET /v1/ping' },
        { id: '3', atMs: at(1500), kind: 'refund', units: -1200, reference: 're_3PqLmN2eZvKYlo2C' },
        { id: '2', atMs: at(1502), kind: 'spend', units: -500, reference: 'POST /v1/alerts' },
        { id: '1', atMs: at(1503), kind: 'top_up', units: 50_000, reference: 'pi_3PqLmN2eZvKYlo2C1gGT' },
      ],
    },
  },
  {
    id: 'balance-loading',
    title: 'The history is on its way',
    balance,
    history: { step: 'loading', entries: [] },
  },
  {
    id: 'balance-low',
    title: 'Low, and nothing in the history',
    balance: { ...balance, units: 3 },
    isLow: true,
    history: { step: 'all', entries: [] },
  },
  {
    id: 'balance-unavailable',
    title: 'A server without a history',
    balance,
    history: { step: 'unavailable', entries: [] },
  },
]
