import { routes } from '../route/index.js'
import { openapiDocument } from './document.js'

/**
 * The OpenAPI 3.1 document of the interface, without a desk: for generating clients and for documentation.
 *
 * @param basePath - where it will be mounted
 */
export function spbeOpenapi(basePath: string = ''): Readonly<Record<string, unknown>> {
  return openapiDocument(routes, basePath)
}
