import { routes } from '../route/index.js'
import { openapiDocument } from './document.js'

/**
 * The OpenAPI 3.1 document of the interface, without a desk: for generating clients and for documentation.
 *
 * @param basePath - where it will be mounted
 * @example
 * ```ts
 * const { openapi, paths } = spbeOpenapi('/layanan/cabut')
 * openapi // '3.1.1'
 * Object.keys(paths as object).includes('/v1/requests') // true
 * ```
 */
export function spbeOpenapi(basePath: string = ''): Readonly<Record<string, unknown>> {
  return openapiDocument(routes, basePath)
}
