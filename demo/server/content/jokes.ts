/** What a cent buys. */
export const JOKES: readonly string[] = [
  'A 402 walks into a bar. The barman says: “First time I’ve actually seen you in here.”',
  'I told the server a UDP joke. It never said whether it got it.',
  'Why did the cache go to therapy? It could not let go of the past.',
  'There are two hard things in computer science: cache invalidation, naming things, and off-by-one errors.',
  'A race condition walks into the bar a. A race condition walks in bar to.',
  'Idempotency is when you tell this joke twice and they laugh once.',
  'My API is like my fridge: I keep asking for new things and it keeps answering 304.',
  'An eventually consistent friend: “Happy birthday!” Sent in March. Arrived. You were born in May.',
  'The monolith and the microservice had an argument. The microservice is still waiting for the answer.',
  'I would tell you a joke about floating point, but it is only 0.30000000000000004 times as funny.',
  'Knock, knock. – Who’s there? – 401. – 401 who? – Exactly.',
  'A payment gateway, a webhook and a retry walk into a bar. And a retry. And a retry.',
  'What do you call a penny that crosses the network? Common cents, over TCP.',
  'The junior asked what happens in production. The senior said: “Everything, at least once.”',
  'A SQL query goes up to two tables and asks: “May I join you?”',
  'Time zones are proof that the Earth was not written by one team.',
] as const

/** Any of them. */
export function pickJoke(random: () => number = Math.random): string {
  return JOKES[Math.floor(random() * JOKES.length)] ?? ''
}
