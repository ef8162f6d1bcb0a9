import axios from 'axios'

/** Does what a button says, and tells the answer, or each piece of it as it comes. */
export type Call = (say: (text: string) => void) => Promise<void>

const CITIES = ['Oslo', 'Lisbon', 'Nairobi', 'Kyoto', 'Valparaíso', 'Reykjavík']
let cityCount = 0

/** What the playground's buttons do. None of it knows of a paywall. */
export const CALLS: Readonly<Record<string, Call>> = {
  async joke(say) {
    say(await describe(await fetch('/api/joke')))
  },

  async weather(say) {
    const city = CITIES[cityCount++ % CITIES.length]
    const { status, statusText, data } = await axios.get<unknown>('/api/weather', {
      params: { city },
      adapter: 'xhr',
      validateStatus: () => true,
    })
    say(`${status} ${statusText}\n${pretty(data)}`)
  },

  async five(say) {
    const responses = await Promise.all(Array.from({ length: 5 }, () => fetch('/api/joke')))
    say((await Promise.all(responses.map(describe))).join('\n\n'))
  },

  async broken(say) {
    say(await describe(await fetch('/api/broken')))
  },

  async story(say) {
    const response = await fetch('/api/story')
    if (!response.ok || !response.body) return say(await describe(response))
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
    let told = `${response.status} ${response.statusText}\n`
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      told += piece.value
      say(told)
    }
  },

  async health(say) {
    say(await describe(await fetch('/api/health')))
  },
}

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
