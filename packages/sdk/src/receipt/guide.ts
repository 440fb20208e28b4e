import type { WireReceipt } from '../wire/receipt.js'
import { GUIDE, INTERMEDIATES, sha256Hex, utf8 } from './files.js'
import { guideEn } from './guide-en.js'
import type { GuideCommands, GuideFacts } from './guide-facts.js'
import { guideId } from './guide-id.js'

/** Seconds, some 31 years. `-attime` moves the clock for certificates only; without this an answer with nextUpdate would be called out of date. */
const DECADES = 999_999_999

/** The receipt with its VERIFY.md named by digest, and that file. */
export async function withGuide(receipt: Omit<WireReceipt, 'guide'>, options: { readonly selfSigned: boolean }): Promise<{ readonly receipt: WireReceipt; readonly guide: Uint8Array }> {
  const guide = utf8(writeGuide(receipt, options))
  return { receipt: { ...receipt, guide: { file: GUIDE, sha256: await sha256Hex(guide) } }, guide }
}

/** VERIFY.md: Indonesian first, English beside. */
export function writeGuide(receipt: Omit<WireReceipt, 'guide'>, { selfSigned }: { readonly selfSigned: boolean }): string {
  const root = receipt.chain.at(-1)!
  const issuer = receipt.chain[0]!
  const hex = receipt.certificate.serial.toUpperCase()
  const facts: GuideFacts = {
    receipt,
    rootFingerprint: root.sha256.toUpperCase().match(/../g)!.join(':'),
    printedSerial: hex.length % 2 === 0 ? hex : `0${hex}`,
    rootFile: root.file,
    issuerFile: issuer.file,
    commands: commandsFor(receipt, selfSigned, hex.length % 2 === 0 ? hex : `0${hex}`),
  }
  return `${guideId(facts)}\n---\n\n${guideEn(facts)}`
}

function commandsFor(receipt: Omit<WireReceipt, 'guide'>, selfSigned: boolean, printedSerial: string): GuideCommands {
  const attime = Math.floor(Date.parse(receipt.verifyAt) / 1000)
  const root = receipt.chain.at(-1)!.file
  const between = receipt.chain.slice(0, -1).map((each) => each.file)
  const issuer = receipt.chain[0]!.file
  const { file, serial } = receipt.certificate
  // A pinned anchor that is not self-signed is trusted as it is; OpenSSL must be told so.
  const trust = `-attime ${attime}${selfSigned ? '' : ' -partial_chain'} -CAfile ${root}`
  const others = between.length > 1 ? INTERMEDIATES : between[0]
  const untrusted = others === undefined ? '' : ` -untrusted ${others}`
  const common = {
    manifest: 'sha256sum -c MANIFEST',
    files: 'find . -type f | sort',
    fingerprint: `openssl x509 -in ${root} -noout -fingerprint -sha256`,
    ...(file === undefined ? {} : { certificate: `openssl x509 -in ${file} -noout -serial -issuer -subject -nameopt RFC2253 -fingerprint -sha256` }),
  }
  if (receipt.proof.source === 'ocsp') {
    const about = file === undefined ? `-serial 0x${serial}` : `-cert ${file}`
    return { ...common, prove: [`openssl ocsp -respin ${receipt.evidence.file} -issuer ${issuer} ${about} ${trust}${others === undefined ? '' : ` -verify_other ${others}`} -no_nonce -validity_period ${DECADES}`] }
  }
  const entry = `openssl crl -inform DER -in ${receipt.evidence.file} -noout -text | sed -n '/Serial Number: ${printedSerial}$/,/Serial Number:/p'`
  if (file !== undefined) return { ...common, prove: [`openssl verify ${trust}${untrusted} -crl_check -CRLfile ${receipt.evidence.file} ${file}`], entry }
  const chainCheck = between.length === 0 ? [] : [`openssl verify ${trust}${between.length > 1 ? untrusted : ''} ${issuer}`]
  return { ...common, prove: [...chainCheck, `openssl crl -inform DER -in ${receipt.evidence.file} -noout -verify -CAfile ${issuer}`], entry }
}
