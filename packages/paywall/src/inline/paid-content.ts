/**
 * The body of a paid response as nodes.
 *
 * HTML is shown as HTML only when it comes from the page's own origin: that server writes the page itself, so it is
 * trusted as much as the page is. Its scripts do not run (DOMParser never runs any), its event-handler attributes are a
 * matter of the page's Content Security Policy. Any other text is shown as text.
 *
 * @throws Error for what cannot be shown: HTML from another origin, or a type that is neither text nor an image
 */
export async function contentOf(response: Response): Promise<Node> {
  const type = (response.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  if (type === 'text/html') {
    if (new URL(response.url).origin !== location.origin)
      throw new Error('HTML from another origin is not shown; handle the stripe402-content event instead.')
    return fragmentOf(await response.text())
  }
  if (type.startsWith('image/')) return imageOf(await response.blob())
  if (type.startsWith('text/') || type === 'application/json') return textOf(await response.text())
  throw new Error(
    `${type || 'Content of no type'} cannot be shown; handle the stripe402-content event instead.`,
  )
}

function fragmentOf(html: string): DocumentFragment {
  const { body } = new DOMParser().parseFromString(trusted(html), 'text/html')
  const fragment = document.createDocumentFragment()
  fragment.append(...body.childNodes)
  return fragment
}

/** Where the page enforces Trusted Types, it has to allow the policy `stripe402`. */
function trusted(html: string): string {
  policy ??= Reflect.get(globalThis, 'trustedTypes')?.createPolicy('stripe402', {
    createHTML: (text: string) => text,
  })
  return policy?.createHTML(html) ?? html
}
let policy: { createHTML(html: string): string } | undefined

function imageOf(blob: Blob): HTMLImageElement {
  const image = document.createElement('img')
  image.alt = ''
  const url = URL.createObjectURL(blob)
  image.onload = () => URL.revokeObjectURL(url)
  image.src = url
  return image
}

function textOf(text: string): HTMLElement {
  const element = document.createElement('pre')
  element.textContent = text
  return element
}
