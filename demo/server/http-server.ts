import { createServer, type RequestListener, type Server } from 'node:http'

/** A server whose requests wait until there is somebody to answer them. */
export interface PatientServer {
  server: Server
  answerWith(listener: RequestListener): void
}

/** Makes a server that can take its port before its app is made. */
export function patientServer(): PatientServer {
  let answerWith: (listener: RequestListener) => void = () => {}
  const listener = new Promise<RequestListener>((resolve) => {
    answerWith = resolve
  })
  const server = createServer((request, response) => {
    void listener.then((answer) => answer(request, response))
  })
  return { server, answerWith: (given) => answerWith(given) }
}

/** Takes no more requests and resolves when those under way are answered, or cut off after `graceMs`. */
export async function closeServer(server: Server, graceMs: number): Promise<void> {
  if (!server.listening) return
  const closed = new Promise((resolve) => server.close(resolve))
  server.closeIdleConnections()
  const impatience = setTimeout(() => server.closeAllConnections(), graceMs)
  await closed
  clearTimeout(impatience)
}
