import { isObject } from './json.js'

/** One field of a form-encoded request. */
export type FormField = readonly [name: string, value: string]

/** Stripe's form encoding: `{ a: { b: [1] } }` becomes `a[b][0]=1`; `null` empties a field and `undefined` leaves it out. */
export function formFields(value: unknown, name = ''): FormField[] {
  if (value === undefined || typeof value === 'function') return []
  if (Array.isArray(value)) return value.flatMap((item, index) => formFields(item, `${name}[${index}]`))
  if (isObject(value)) {
    return Object.entries(value).flatMap(([key, item]) =>
      formFields(item, name === '' ? key : `${name}[${key}]`),
    )
  }
  return [[name, value === null ? '' : String(value)]]
}

/** The fields with every name moved below `parent`: `card[cvc]` becomes `parent[card][cvc]`. */
export function nestFields(fields: readonly FormField[], parent: string): FormField[] {
  return fields.map(([name, value]) => [name.replace(/^[^[]+/, (head) => `${parent}[${head}]`), value])
}

/** Whether a value is a list of form fields, as the page sends them to a frame. */
export function isFormFields(value: unknown): value is FormField[] {
  return (
    Array.isArray(value) &&
    value.every(
      (field) =>
        Array.isArray(field) && field.length === 2 && field.every((part) => typeof part === 'string'),
    )
  )
}
