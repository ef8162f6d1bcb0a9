import { AFTER_MUTANTS } from './after-mutants.js'
import type { Mutant } from './mutant.js'
import { REQUEST_MUTANTS } from './request-mutants.js'
import { SPENDING_MUTANTS } from './spending-mutants.js'
import { STORE_MUTANTS } from './store-mutants.js'
import { TOP_UP_MUTANTS } from './top-up-mutants.js'

/** Every breakage that is tried. */
export const MUTANTS: readonly Mutant[] = [
  ...TOP_UP_MUTANTS,
  ...REQUEST_MUTANTS,
  ...SPENDING_MUTANTS,
  ...STORE_MUTANTS,
  ...AFTER_MUTANTS,
]
