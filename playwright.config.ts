import { defineConfig } from '@playwright/test'
import { CHROMIUM_ARGS, chromiumPath } from './scripts/browser.js'

const isContinuousIntegration = Boolean(process.env.CI)

export default defineConfig({
  testDir: 'e2e',
  testMatch: '*.spec.ts',
  outputDir: 'test-results',
  forbidOnly: isContinuousIntegration,
  fullyParallel: true,
  // A payment that works at the second try is a defect.
  retries: 0,
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
  use: {
    browserName: 'chromium',
    locale: 'en-US',
    launchOptions: { executablePath: await chromiumPath(), args: CHROMIUM_ARGS },
    screenshot: 'only-on-failure',
    // Recording costs a fifth of the time. To look into a failure: npx playwright test <file> --trace on
    trace: 'off',
  },
})
