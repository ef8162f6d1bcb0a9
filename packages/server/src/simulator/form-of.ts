import type { DirectCall } from '@stripe402/stripe-local'

type FormTree = NonNullable<DirectCall['params']>

/** Parameters as Stripe's library would encode them: text and trees. */
export function formOf(params: object): FormTree {
  const form: FormTree = {}
  for (const [name, value] of Object.entries(params)) {
    if (value === undefined) continue
    form[name] = typeof value === 'object' && value !== null ? formOf(value) : String(value ?? '')
  }
  return form
}
