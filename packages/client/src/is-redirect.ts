/** Whether an answer sends the client elsewhere. Pages are shown an opaque one, servers the real one. */
export function isRedirect({ type, status, headers }: Response): boolean {
  return type === 'opaqueredirect' || (/^30[12378]$/.test(String(status)) && headers.has('location'))
}
