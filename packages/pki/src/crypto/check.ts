import { verifyBytes } from '#crypto'
import { keyKind, keySuits, resolveScheme } from './algorithm.js'
import type { LegacyPermission, ResolvedKey, SignatureInput, SignatureResult } from './port.js'

/** As `verifySignature`, at once where the platform can: a promise costs a tenth of an RSA verification. */
export function checkSignature(input: SignatureInput): SignatureResult | Promise<SignatureResult> {
  const resolved = resolveKey(input)
  return resolved === undefined ? 'unsupported' : verifyBytes(resolved, input.signature, input.data)
}

/** Algorithm and key, when both are known, allowed and fit together. */
export function resolveKey(input: Omit<SignatureInput, 'data' | 'signature'>): ResolvedKey | undefined {
  const scheme = resolveScheme(input.algorithm)
  if (scheme === undefined) return undefined
  if ('hash' in scheme && scheme.hash === 'SHA-1' && !allowsSha1(input.allow)) return undefined
  const kind = keyKindOf(input.spki)
  if (kind === undefined || !keySuits(kind, scheme)) return undefined
  return { scheme, spki: input.spki }
}

function allowsSha1(allow: readonly LegacyPermission[] | undefined): boolean {
  return allow?.some((permission) => permission.legacy === 'SHA-1') ?? false
}

const kinds = new WeakMap<Uint8Array, ReturnType<typeof keyKind>>()

function keyKindOf(spki: Uint8Array): ReturnType<typeof keyKind> {
  const known = kinds.get(spki)
  if (known !== undefined || kinds.has(spki)) return known
  const kind = keyKind(spki)
  kinds.set(spki, kind)
  return kind
}
