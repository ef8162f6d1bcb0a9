import axios from 'axios'

/** One button of the playground. */
export interface Call {
  /** The button's name. */
  name: string
  /** What it costs, for a person. */
  price: string
  code: string
  isFree?: boolean
  /** Does it, telling each piece of the answer as it comes. */
  run(say: (text: string) => void): Promise<void>
}

const CITIES = ['Oslo', 'Lisbon', 'Nairobi', 'Kyoto', 'Valparaíso', 'Reykjavík']
let cityCount = 0

/** What the playground offers. None of it knows of a paywall. */
export const CALLS: readonly Call[] = [
  {
    name: 'Joke with fetch',
    price: '$0.01',
    code: "fetch('/api/joke')",
    async run(say) {
      say(await describe(await fetch('/api/joke')))
    },
  },
  {
    name: 'Weather with axios',
    price: '$0.05',
    code: "axios.get('/api/weather')",
    async run(say) {
      const city = CITIES[cityCount++ % CITIES.length]
      const { status, statusText, data } = await axios.get<unknown>('/api/weather', {
        params: { city },
        adapter: 'xhr',
        validateStatus: () => true,
      })
      say(`${status} ${statusText}\n${pretty(data)}`)
    },
  },
  {
    name: 'Five at once',
    price: '5 × $0.01',
    code: 'Promise.all(fiveFetches)',
    async run(say) {
      const responses = await Promise.all(Array.from({ length: 5 }, () => fetch('/api/joke')))
      say((await Promise.all(responses.map(describe))).join('\n\n'))
    },
  },
  {
    name: 'A handler that fails',
    price: '$0.05, given back',
    code: "fetch('/api/broken')",
    async run(say) {
      say(await describe(await fetch('/api/broken')))
    },
  },
  {
    name: 'A streamed story',
    price: '$0.01',
    code: 'response.body.getReader()',
    async run(say) {
      const response = await fetch('/api/story')
      if (!response.ok || !response.body) return say(await describe(response))
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
      let told = `${response.status} ${response.statusText}\n`
      for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
        told += piece.value
        say(told)
      }
    },
  },
  {
    name: 'A free endpoint',
    price: 'free',
    isFree: true,
    code: "fetch('/api/health')",
    async run(say) {
      say(await describe(await fetch('/api/health')))
    },
  },
]

async function describe(response: Response): Promise<string> {
  const text = await response.text()
  return `${response.status} ${response.statusText}\n${pretty(parsed(text) ?? text)}`
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function pretty(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2)
}
