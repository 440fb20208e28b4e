import type { Certificate } from '../certificate/index.js'

/** The same certificate with some facts seen otherwise; facts that are computed when asked stay so. */
export function seenAs(certificate: Certificate, changes: Partial<Record<keyof Certificate, unknown>>): Certificate {
  return new Proxy(certificate, {
    get: (target, key) => (Object.hasOwn(changes, key) ? changes[key as keyof Certificate] : Reflect.get(target, key, target) as unknown),
  })
}
