import { later, makeParty, type Party } from '../build/certificate.js'
import { makeCrl, type CrlPlan } from '../build/crl.js'
import { extension, oid, seq } from '../build/der.js'
import type { LetterOptions } from '../../src/letter/index.js'
import { makeAuthority, makeCms, makeToken, type CmsPlan, type TokenPlan } from './cms.js'
import { PdfFile, type SignPlan, type XrefStyle } from './pdf.js'

/** An invented authority, its officers and its timestamp service. */
export const root = makeParty({ subject: 'C=ID,O=Otoritas Contoh,CN=Akar Contoh', ca: true, notAfter: later(2000) })
export const ca = makeParty({ subject: 'C=ID,O=Otoritas Contoh,CN=CA Contoh', ca: true, issuer: root, notAfter: later(1500) })
/** As the officers' certificates of the field: a critical purpose outside RFC 5280. */
export const documentPurpose = extension('2.5.29.37', seq(oid('1.2.840.113583.1.1.5')), true)
export const head = makeParty({ subject: 'CN=Ratna Pertiwi,O=Kota Contoh,C=ID', issuer: ca, serial: 'a1b2', extensions: [documentPurpose], algorithm: 'rsa-sha256' })
export const deputy = makeParty({ subject: 'CN=Bima Anggara,O=Kota Contoh,C=ID', issuer: ca, serial: 'b2c3', extensions: [documentPurpose] })
export const authority = makeAuthority({ issuer: ca, serial: 'd00d' })

export const rootCrl = makeCrl({ issuer: root, nextUpdate: later(1000) })
export const crl = (plan: Partial<CrlPlan> = {}): Buffer => makeCrl({ issuer: ca, nextUpdate: later(30), ...plan })

/** Day 10 is today; letters are signed on day 1. */
export const options: LetterOptions = { anchors: [root.der], intermediates: [ca.der], at: later(10), fetch: false, crls: [rootCrl, crl()] }
export const signedAt = later(1)

export const token = (plan: Partial<TokenPlan> = {}) => (data: Buffer): Buffer => makeToken(data, { authority, at: signedAt, ...plan })

export interface LetterPlan extends Partial<Omit<CmsPlan, 'signer'>> {
  readonly signer?: Party
  readonly style?: XrefStyle
  readonly sign?: Partial<SignPlan>
  readonly file?: PdfFile
}

/** A letter with one signature; ESS v2, a timestamp on day 1, unless the plan says otherwise. */
export function makeLetter(plan: LetterPlan = {}): PdfFile {
  const { style, sign, file, ...cms } = plan
  const pdf = file ?? new PdfFile({ ...(style && { style }) })
  return pdf.sign({ message: (covered) => makeCms(covered, { signer: head, timestamp: token(), certificates: [plan.signer ?? head, ca], ...cms }), ...sign })
}

/** A letter signed without a timestamp. */
export const withoutTimestamp = (plan: LetterPlan = {}): PdfFile => {
  const { style, sign, file, ...cms } = plan
  return (file ?? new PdfFile({ ...(style && { style }) })).sign({ message: (covered) => makeCms(covered, { signer: head, ...cms }), ...sign })
}
