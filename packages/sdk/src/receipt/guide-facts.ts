import type { WireReceipt } from '../wire/receipt.js'

/** What the two texts are filled with. Every command is run as it stands by the tests, with the real openssl. */
export interface GuideFacts {
  readonly receipt: Omit<WireReceipt, 'guide'>
  /** As OpenSSL prints it: `AB:CD:...`. */
  readonly rootFingerprint: string
  /** Upper-case hex with an even number of digits, as `openssl crl -text` prints a serial. */
  readonly printedSerial: string
  readonly rootFile: string
  readonly issuerFile: string
  readonly commands: GuideCommands
}

export interface GuideCommands {
  readonly manifest: string
  readonly files: string
  readonly fingerprint: string
  /** Full form only. */
  readonly certificate?: string
  /** One or several, in order. */
  readonly prove: readonly string[]
  /** CRL only: the certificate's own entry. */
  readonly entry?: string
}

/** Commands to run; the tests run every one of these blocks. */
export function commandBlock(...lines: readonly string[]): string {
  return ['```sh', ...lines, '```'].join('\n')
}

/** What a command must print. */
export function outputBlock(...lines: readonly string[]): string {
  return ['```text', ...lines, '```'].join('\n')
}
