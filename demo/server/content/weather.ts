import { createHash } from 'node:crypto'

/** A forecast. Pretend: it follows from the name of the city and the day, and from nothing in the sky. */
export interface Forecast {
  city: string
  day: string
  temperatureC: number
  sky: string
  windKmh: number
  note: string
}

const SKIES = [
  'clear',
  'a few clouds',
  'overcast',
  'drizzle',
  'rain',
  'fog in the morning',
  'bright and windy',
]
const LONGEST_NAME = 60

/** Makes up the weather of one day, the same for everybody who asks. */
export function forecastFor(city: string, now: Date): Forecast {
  const name = city.trim().slice(0, LONGEST_NAME) || 'Oslo'
  const day = now.toISOString().slice(0, 10)
  const [first = 0, second = 0, third = 0] = createHash('sha256')
    .update(`${name.toLowerCase()} ${day}`)
    .digest()
  return {
    city: name,
    day,
    temperatureC: (first % 34) - 4,
    sky: SKIES[second % SKIES.length] ?? 'clear',
    windKmh: third % 45,
    note: 'Made up by the demo. Take an umbrella anyway.',
  }
}
