/** Whether a signed text is an event about an object that can be looked up. Whoever has the secret may sign anything. */
export function isEvent(value: unknown): boolean {
  const { type, data } = membersOf(value)
  const { id, metadata } = membersOf(membersOf(data).object)
  if (typeof type !== 'string') return false
  if (typeof id !== 'string' || !/^\w{1,255}$/.test(id)) return false
  return !type.startsWith('payment_intent.') || (typeof metadata === 'object' && metadata !== null)
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
