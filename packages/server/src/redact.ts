/** What may stand in no log: each pattern, and what takes its place. */
const SECRETS: readonly [RegExp, string][] = [
  // Whoever has a client secret may finish the payment.
  [/\b(pi|seti|cs)_\w+_secret_\w+/g, '$1_…_secret_…'],
  [/\b(sk|rk|whsec|pm|cus|ctoken|tok|card|src)_\w+/g, '$1_…'],
  // Session tokens, proofs and header values; client ids and fingerprints' digests.
  [/\bv1\.[\w-]+(?:\.[\w-]+){6,}/g, 'session …'],
  [/\beyJ[\w+/=-]+(?:\.[\w-]+){0,2}/g, '(encoded) …'],
  [/\b[0-9a-f]{64}\b/gi, '(id) …'],
  [/\/\/[^\s/:@]*:[^\s/@]*@/g, '//…@'],
  // Thirteen to nineteen digits, grouped or not, are a card number until proven otherwise.
  [/(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)/g, '(digits) …'],
]

/** A text as it may be logged or shown to a stranger: no card, no credential, no bearer id, no password in a URL. */
export function redact(text: string): string {
  return SECRETS.reduce((left, [pattern, instead]) => left.replace(pattern, instead), text)
}

/** What an error is, without what it carries: its name, its code, and its message redacted. */
export interface DescribedFault {
  name: string
  code: string | undefined
  message: string
}

/** Describes whatever was thrown. Errors of Stripe's library carry requests, headers and whole objects. */
export function describeFault(error: unknown): DescribedFault {
  if (!(error instanceof Error)) {
    const isText = typeof error === 'string'
    return { name: isText ? redact(error) : typeof error, code: undefined, message: '' }
  }
  const code = 'code' in error && typeof error.code === 'string' ? redact(error.code) : undefined
  return { name: error.name, code, message: redact(error.message) }
}
