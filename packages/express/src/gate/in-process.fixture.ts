import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import type { Express } from 'express'

/** A request line and headers, as they stand on the wire. */
export interface WireRequest {
  method: string
  target: string
  headers?: Readonly<Record<string, string>>
}

/** Sends a request through Node's own request and response objects into an app, without a socket. Gives the status. */
export function sendInProcess(app: Express, { method, target, headers = {} }: WireRequest): Promise<number> {
  const request = new IncomingMessage(new Socket())
  request.method = method
  request.url = target
  request.httpVersion = '1.1'
  request.httpVersionMajor = 1
  request.httpVersionMinor = 1
  request.headers = { host: 'shop.example', ...headers }
  request.push(null)
  request.complete = true
  const response = new ServerResponse(request)
  const sink = new Duplex({
    read() {},
    write(_chunk, _encoding, done) {
      done()
    },
  })
  Reflect.apply(response.assignSocket, response, [sink])
  return new Promise((resolve, reject) => {
    response.once('finish', () => {
      // As Node does once an answer is out; a hold that is left over would be released here.
      response.emit('close')
      resolve(response.statusCode)
    })
    response.once('error', reject)
    app(request, response)
  })
}
