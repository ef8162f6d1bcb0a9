import { afterEach, describe, expect, it } from 'vitest'
import { startPostgres } from '../../../scripts/local-servers.js'
import { ConfigurationError } from './configuration-error.js'
import type { Stripe402 } from './create-stripe402.js'
import { createStripe402FromEnvironment, type Environment } from './environment.js'
import { openStore } from './testing/open-store.js'

const GOOD: Environment = {
  STRIPE_SECRET_KEY: 'sk_test_local',
  STRIPE_PUBLISHABLE_KEY: 'pk_test_local',
  SERVER_SECRET: '0123456789abcdef0123456789abcdef',
}

const engines: Stripe402[] = []
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.close()
})

function start(environment: Environment): { engine: Stripe402; warnings: string[]; errors: string[] } {
  const warnings: string[] = []
  const errors: string[] = []
  const engine = createStripe402FromEnvironment(environment, {
    warn: (text) => warnings.push(text),
    error: (text) => errors.push(text),
  })
  engines.push(engine)
  return { engine, warnings, errors }
}

function refusal(environment: Environment): ConfigurationError {
  try {
    start(environment)
  } catch (error) {
    if (error instanceof ConfigurationError) return error
    throw error
  }
  throw new Error('it started')
}

describe('createStripe402FromEnvironment', () => {
  it('keeps balances in memory without a store, and says so loudly', () => {
    const { warnings } = start(GOOD)
    expect(warnings.join()).toMatch(/REDIS_URL.*DATABASE_URL.*LOST/)
  })

  it('reads the smallest top-up', () => {
    const { engine } = start({ ...GOOD, MIN_TOP_UP: '100000' })
    expect(engine.settings.topUpLimits('usd').min).toBe(100_000)
  })

  it('reads who sells, and where the script for the paywall as a page is', () => {
    const { engine } = start({ ...GOOD, PAYEE_NAME: 'Fair Weather Ltd', PAYWALL_SCRIPT_URL: '/paywall.js' })
    expect(engine.settings).toMatchObject({
      payee: { name: 'Fair Weather Ltd' },
      paywallScriptUrl: '/paywall.js',
    })
  })

  it('takes several secrets, newest first', () => {
    const { engine } = start({ ...GOOD, SERVER_SECRET: `${'n'.repeat(32)}, ${'o'.repeat(32)}` })
    expect(engine.settings.secrets).toEqual(['n'.repeat(32), 'o'.repeat(32)])
  })

  it.each([
    ['STRIPE_SECRET_KEY', { STRIPE_SECRET_KEY: undefined }, /charges cards.*sk_test_/],
    ['STRIPE_SECRET_KEY', { STRIPE_SECRET_KEY: 'pk_test_local' }, /sk_test_/],
    ['STRIPE_PUBLISHABLE_KEY', { STRIPE_PUBLISHABLE_KEY: '' }, /pk_test_/],
    ['STRIPE_PUBLISHABLE_KEY', { STRIPE_PUBLISHABLE_KEY: 'pk_live_x' }, /mode/],
    ['SERVER_SECRET', { SERVER_SECRET: undefined }, /randomBytes/],
    ['SERVER_SECRET', { SERVER_SECRET: 'change-me-in-production' }, /32 bytes.*randomBytes/],
    [
      'SERVER_SECRET',
      { SERVER_SECRET: `${'n'.repeat(40)},x` },
      /has a comma.*part 2 of 2 is shorter than 32 bytes/,
    ],
    ['SERVER_SECRET', { SERVER_SECRET: ',' }, /part 1 of 2/],
    ['MIN_TOP_UP', { MIN_TOP_UP: '500' }, /minimum/],
    ['MIN_TOP_UP', { MIN_TOP_UP: 'five dollars' }, /units/],
    ['STRIPE_API_BASE', { STRIPE_API_BASE: 'localhost' }, /URL/],
    ['REDIS_URL or DATABASE_URL', { NODE_ENV: 'production' }, /production/],
    [
      'REDIS_URL and DATABASE_URL',
      { REDIS_URL: 'redis://127.0.0.1:1', DATABASE_URL: 'postgres://127.0.0.1:1/x' },
      /one of them/,
    ],
  ])('refuses to start and names %s for %j', (setting, change, message) => {
    const error = refusal({ ...GOOD, ...change })
    expect(error.setting).toBe(setting)
    expect(error.message).toMatch(message)
  })

  it('names all that is missing at once, what each is for and how to make it', () => {
    const { message } = refusal({ NODE_ENV: 'production', STRIPE_SECRET_KEY: 'sk_test_local' })
    expect(message.split('\n')).toEqual([
      expect.stringMatching(/^STRIPE_PUBLISHABLE_KEY, SERVER_SECRET, REDIS_URL or DATABASE_URL: not set/),
      expect.stringMatching(/^ {2}STRIPE_PUBLISHABLE_KEY lets the page .*pk_test_/),
      expect.stringMatching(/^ {2}SERVER_SECRET turns .*randomBytes/),
      expect.stringMatching(/^ {2}REDIS_URL or DATABASE_URL keeps balances/),
    ])
  })

  it('lives on when PostgreSQL breaks its idle connections', async () => {
    const postgres = await startPostgres()
    const { engine, errors } = start({ ...GOOD, DATABASE_URL: postgres.url })
    // Nobody can ask Stripe here whether this new database should hold something.
    await openStore(engine.settings.store)
    await engine.start()
    await postgres.stop()
    await expect.poll(() => errors.join(), { timeout: 20_000 }).toContain('idle connection')
  }, 120_000)
})
