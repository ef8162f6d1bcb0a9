import { IntegrationError } from './integration-error.js'

/**
 * Finds the node that `element.mount()` was given.
 *
 * @throws IntegrationError when there is none, when it is in no document, or when it is in a shadow tree.
 */
export function findMountTarget(target: unknown): HTMLElement {
  if (!target) {
    throw new IntegrationError(
      'Missing argument. Make sure to call mount() with a valid DOM element or selector.',
    )
  }
  const node = typeof target === 'string' ? document.querySelector(target) : target
  if (node === null) {
    throw new IntegrationError(
      `The selector you specified (${target}) applies to no DOM elements that are currently on the page.\nMake sure the element exists on the page before calling mount().`,
    )
  }
  if (!(node instanceof HTMLElement)) {
    throw new IntegrationError(
      'Invalid DOM element. Make sure to call mount() with a valid DOM element or selector.',
    )
  }
  if (node.getRootNode() instanceof ShadowRoot) {
    throw new IntegrationError('Elements cannot be mounted in a ShadowRoot. Please mount in the Light DOM.')
  }
  if (!node.isConnected) {
    throw new IntegrationError('Make sure the DOM element you call mount() with is attached to the page.')
  }
  return node
}
