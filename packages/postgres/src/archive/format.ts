import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto'
import { CabutError } from '@cabut/sdk'

/**
 * An archive is a folder that needs nothing of ours to be checked:
 *
 * ```text
 * MANIFEST          SHA-256 of every other file, as `sha256sum` writes and checks it
 * MANIFEST.sig      Ed25519 signature over the bytes of MANIFEST (RFC 8032)
 * archive.json      what it is, from whom, which cases with the ends of their chains
 * BACA-SAYA.md      how to check it with sha256sum and openssl
 * cases/<id>.jsonl  the sealed events of a case, one canonical JSON (RFC 8785) a line, personal values beside
 * evidence/<sha256> letters, certificates, CRL and OCSP answers
 * ```
 */
export interface ArchiveHead {
  readonly kind: 'cabut-archive'
  readonly version: 1
  /** Who archives. */
  readonly office: string
  readonly createdAt: string
  /** Why these cases: the rule of retention, the order. */
  readonly ground: string
  /** `false`: personal values were left out; chains hold all the same. */
  readonly personal: boolean
  readonly cases: readonly { readonly id: string; readonly opd: string; readonly status: string; readonly seq: number; readonly head: string }[]
  readonly evidence: Readonly<Record<string, string>>
}

export const names = { manifest: 'MANIFEST', signature: 'MANIFEST.sig', head: 'archive.json', guide: 'BACA-SAYA.md' } as const
/** Largest single file an archive is read with, octets. */
export const largestFile: number = 128 * 1024 * 1024

export const caseFile = (id: string): string => `cases/${id}.jsonl`
export const evidenceFile = (sha256: string): string => `evidence/${sha256}`

/** Paths an archive may hold: nothing that leaves its folder. */
export const archivePath: RegExp = /^(?:MANIFEST|MANIFEST\.sig|archive\.json|BACA-SAYA\.md|cases\/[A-Za-z0-9][A-Za-z0-9._-]{0,119}\.jsonl|evidence\/[0-9a-f]{64})$/

/** Sorted, so that the same cases give the same bytes. */
export function manifestOf(digests: ReadonlyMap<string, string>): Uint8Array {
  const lines = [...digests].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, sha256]) => `${sha256}  ${path}\n`)
  return new TextEncoder().encode(lines.join(''))
}

/** @throws CabutError `archiveInvalid` for a line that is not one, or a path that leaves the folder */
export function readManifest(bytes: Uint8Array): ReadonlyMap<string, string> {
  const digests = new Map<string, string>()
  for (const [index, line] of Buffer.from(bytes).toString('utf8').split('\n').slice(0, -1).entries()) {
    const [, sha256 = '', path = ''] = /^([0-9a-f]{64}) {2}(.+)$/.exec(line) ?? []
    if (!archivePath.test(path) || digests.has(path)) throw new CabutError('archiveInvalid', { at: `${names.manifest}:${index + 1}` })
    digests.set(path, sha256)
  }
  return digests
}

/**
 * An office's signing key: PEM of an Ed25519 private key (`openssl genpkey -algorithm ed25519`).
 *
 * @throws CabutError `archiveKeyInvalid`
 * @example
 * ```ts
 * readSigningKey(signingPem).asymmetricKeyType // 'ed25519'
 * readSigningKey(officePem) // throws archiveKeyInvalid
 * ```
 */
export function readSigningKey(pem: string): KeyObject {
  return ed25519(() => createPrivateKey(pem))
}

/**
 * An office's public key: PEM (`openssl pkey -pubout`).
 *
 * @throws CabutError `archiveKeyInvalid`
 * @example
 * ```ts
 * readOfficeKey(officePem).type // 'public'
 * readOfficeKey('-----BEGIN PUBLIC KEY-----') // throws archiveKeyInvalid
 * ```
 */
export function readOfficeKey(pem: string): KeyObject {
  return ed25519(() => createPublicKey(pem))
}

function ed25519(read: () => KeyObject): KeyObject {
  let key: KeyObject | undefined
  try {
    key = read()
  } catch { /* told below, without quoting what was given */ }
  if (key?.asymmetricKeyType !== 'ed25519') throw new CabutError('archiveKeyInvalid')
  return key
}

export function signManifest(manifest: Uint8Array, key: KeyObject): Uint8Array {
  return sign(null, manifest, key)
}

export function signedBy(manifest: Uint8Array, signature: Uint8Array, key: KeyObject): boolean {
  return verify(null, manifest, key, signature)
}

/** How anybody checks an archive without this software; Indonesian first. */
export const guide = `# Arsip pencabutan sertifikat

Folder ini lengkap dengan sendirinya. Untuk memeriksanya tanpa perangkat lunak kami:

    sha256sum --strict -c MANIFEST
    openssl pkeyutl -verify -pubin -inkey kunci-kantor.pem -rawin -in MANIFEST -sigfile MANIFEST.sig

\`kunci-kantor.pem\` adalah kunci publik kantor pengarsip; mintalah dari kantor itu, jangan dari folder ini.
Setiap baris \`cases/<id>.jsonl\` adalah satu peristiwa tersegel; \`digest\` baris adalah \`previous\` baris berikutnya.
Dengan perangkat lunak kami: \`cabut archive import <folder> --office-key kunci-kantor.pem --check\`.

## In English

This folder is complete in itself. \`sha256sum\` shows that no file was changed, \`openssl\` that the office signed the list of files (get its
public key from the office, not from this folder). Each line of \`cases/<id>.jsonl\` is a sealed event, chained by digest to the one before.
`
