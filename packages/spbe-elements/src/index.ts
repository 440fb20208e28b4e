import { CabutPermohonan } from './request-element.js'
import { CabutStatus } from './status-element.js'

export { CabutPermohonan, type FiledDetail } from './request-element.js'
export { CabutStatus, type StatusDetail } from './status-element.js'
export type { Authorize } from './connection.js'

/** Registers both elements; harmless when a page loads it twice, or a server that renders pages. */
function register(name: string, element: CustomElementConstructor): void {
  if (typeof customElements !== 'undefined' && customElements.get(name) === undefined) customElements.define(name, element)
}

register('cabut-status', CabutStatus)
register('cabut-permohonan', CabutPermohonan)

declare global {
  interface HTMLElementTagNameMap {
    'cabut-status': CabutStatus
    'cabut-permohonan': CabutPermohonan
  }
}
