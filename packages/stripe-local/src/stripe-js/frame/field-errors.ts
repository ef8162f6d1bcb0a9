import { type FieldName, fieldNames } from '../card/judge.js'
import type { CardText, FieldErrorCode } from '../text/card-text.js'
import { byId } from './dom.js'
import type { Fields } from './fields.js'

/** An error of the form, as Stripe returns it. */
export interface ValidationError {
  readonly type: 'validation_error'
  readonly code: FieldErrorCode
  readonly message: string
}

/** Decides which errors a person sees: what is merely unfinished, only after they left the field or submitted. */
export interface FieldErrors {
  /** Takes over what is wrong now; shows at once what no further typing can mend. */
  readonly judge: (errors: ReadonlyMap<FieldName, FieldErrorCode>) => void
  /** From now on shows whatever is wrong with these fields. */
  readonly reveal: (fields: readonly FieldName[]) => void
  /** Forgets what was revealed. */
  readonly reset: () => void
  /** The first error that is visible. */
  readonly visible: () => ValidationError | null
}

/** Keeps the messages under the fields. */
export function keepFieldErrors(fields: Fields, text: () => CardText): FieldErrors {
  let errors: ReadonlyMap<FieldName, FieldErrorCode> = new Map()
  const revealed = new Set<FieldName>()

  const codeOf = (field: FieldName): FieldErrorCode | null => {
    const code = errors.get(field)
    return code && (revealed.has(field) || !code.startsWith('incomplete')) ? code : null
  }

  function show(): void {
    for (const field of fieldNames) {
      const code = codeOf(field)
      const message = code === null ? '' : text().errors[code]
      const line = byId(`${field}-error`, HTMLElement)
      // Writing the same text again would make a screen reader say it again.
      if (line.textContent !== message) line.textContent = message
      fields[field].setAttribute('aria-invalid', String(code !== null))
      fields[field].classList.toggle('Input--invalid', code !== null)
    }
  }

  return {
    judge: (now) => {
      errors = now
      for (const field of fieldNames) if (!errors.has(field)) revealed.delete(field)
      show()
    },
    reveal: (names) => {
      for (const name of names) revealed.add(name)
      show()
    },
    reset: () => {
      revealed.clear()
      show()
    },
    visible: () => {
      const code = fieldNames.map(codeOf).find((candidate) => candidate !== null)
      return code ? { type: 'validation_error', code, message: text().errors[code] } : null
    },
  }
}
