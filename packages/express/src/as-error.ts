/**
 * What was thrown, as an error. Express takes nothing at all for leave to go on, and the texts `route` and `router` for leave
 * to go past the gate.
 */
export function asError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown
  return new Error('Something that is no error was thrown on the way to a price; it is the cause.', {
    cause: thrown,
  })
}
