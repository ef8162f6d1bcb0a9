import { noSuch } from '../api-error.js'
import { LIST_PARAMS, listPage } from '../pagination.js'
import { arrayOf, readParams, text } from '../params.js'
import type { Route } from '../route.js'

/** Events, as they were sent. */
export const eventRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/events/:id',
    access: 'secret',
    returns: 'event',
    run(world, call) {
      readParams({}, call.params)
      const event = world.events.get(call.id)
      if (!event) throw noSuch('event', call.id, 'id', 404)
      return event
    },
  },
  {
    method: 'GET',
    path: '/v1/events',
    access: 'secret',
    returns: 'event',
    isList: true,
    run(world, call) {
      const params = readParams({ ...LIST_PARAMS, type: text, types: arrayOf(text) }, call.params)
      const records = [...world.events.values()]
        .filter((event) => params.type === undefined || matches(event.type, params.type))
        .filter((event) => params.types === undefined || params.types.includes(event.type))
        .map((event) => ({ id: event.id, createdS: event.created, event }))
      return listPage({ records, noun: 'event', params, url: call.path, render: ({ event }) => event })
    },
  },
]

function matches(type: string, wanted: string): boolean {
  return wanted.endsWith('*') ? type.startsWith(wanted.slice(0, -1)) : type === wanted
}
