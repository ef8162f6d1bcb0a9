import { requiredElement } from './required-element.js'
import { paywall } from './site.js'

const buy = requiredElement('buy', HTMLButtonElement)
const joke = requiredElement('joke', HTMLOutputElement)
const flow = requiredElement('flow', HTMLElement)

requiredElement('replay', HTMLButtonElement).addEventListener('click', replay)

buy.addEventListener('click', async () => {
  if (buy.ariaBusy === 'true') return
  buy.ariaBusy = 'true'
  try {
    await paywall
    const response = await fetch('/api/joke')
    show(response.ok ? jokeOf(await response.json()) : 'No joke this time, and nothing was charged.')
    joke.classList.toggle('told', response.ok)
    if (response.ok) replay()
  } catch {
    show('The demo does not answer. Is it still running?')
  } finally {
    buy.ariaBusy = null
  }
})

function show(text: string): void {
  joke.textContent = text
}

function jokeOf(answer: unknown): string {
  if (typeof answer === 'object' && answer !== null && 'joke' in answer) return String(answer.joke)
  throw new TypeError('The answer holds no joke.')
}

function replay(): void {
  for (const animation of flow.getAnimations({ subtree: true })) {
    animation.cancel()
    animation.play()
  }
}
