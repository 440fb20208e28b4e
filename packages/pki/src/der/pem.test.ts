import { describe, expect, it } from 'vitest'
import { PkiError } from '../errors.js'
import { readPem, readPemOrDer } from './index.js'

const block = (body: string, label = 'CERTIFICATE'): string => `-----BEGIN ${label}-----${body}-----END ${label}-----`
const octets = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'))
const one = (body: string): string => Buffer.from(readPem(block(body), 'CERTIFICATE')[0]!).toString('hex')

/** The code, and the text from the place that the refusal names. */
function refusal(text: string, run: () => unknown): [string, string] {
  try {
    run()
  } catch (error) {
    if (error instanceof PkiError) return [error.code, text.slice(error.offset)]
    throw error
  }
  throw new Error('nothing was refused')
}

describe('RFC 4648 3.5: base64', () => {
  it('of every length and every digit is read as others read it', () => {
    const all = Buffer.from(Array.from({ length: 256 }, (_, i) => i * 37))
    for (let length = 0; length <= all.length; length++) expect(one(all.subarray(0, length).toString('base64'))).toBe(all.subarray(0, length).toString('hex'))
    const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
    expect(one(digits)).toBe(Buffer.from(digits, 'base64').toString('hex'))
    expect(one('//79')).toBe('fffefd')
  })
  it('with white space anywhere', () => {
    expect(one(' \t\r\nA Q\tI\r=\n')).toBe('0102')
    expect(one('AQ = \t\r\n= ')).toBe('01')
    expect(one('\n')).toBe('')
  })
  it.each([
    ['a digit of base64url', 'AQ_=', '_='], ['a vertical tab', 'A\vQI=', '\vQI='], ['a letter beyond ASCII', 'AQé=', 'é='], ['a letter far beyond', 'AQ\u0141=', '\u0141='], ['DEL', 'AQ\x7f=', '\x7f='], ['the first beyond ASCII', 'A\x80QI=', '\x80QI='], ['the first beyond ASCII after padding', 'AQI=\x80', '\x80'], ['one digit with one padding', 'A=', ''], ['one digit more with one padding', 'AQIBA=', ''], ['text after padding', 'AQI=AQI=', 'AQI='],
    ['a digit after padding', 'AQ=I=', 'I='], ['a letter beyond ASCII after padding', 'AQI=é', 'é'], ['a letter far beyond after padding', 'AQI=\u0120', '\u0120'],
    ['no padding for one octet', 'AQ', ''], ['too little', 'AQ=', ''], ['too much for one octet', 'AQ===', ''], ['no padding for two octets', 'AQI', ''], ['too much for two octets', 'AQI==', ''], ['padding of a whole group', 'AQIB=', ''],
    ['only padding', '=', ''], ['one digit', 'A', ''], ['one digit with padding', 'A===', ''], ['one digit more', 'AQIBA', ''], ['left-over bits of one octet', 'AR==', ''], ['left-over bits of two octets', 'AQJ=', ''],
  ])('%s is refused', (_, body, rest) => {
    const text = block(body)
    expect(refusal(text, () => readPem(text, 'CERTIFICATE'))).toEqual(['pemMalformed', `${rest}-----END CERTIFICATE-----`])
  })
})

describe('RFC 7468: blocks', () => {
  it('of the label alone, in order, whatever stands around', () => {
    const text = `-----BEGIN\n${block('AQ==')}x${block('Ag==', 'X509 CRL')}${block('Aw==')}${block('BA==')}-----END CERTIFICATE-----`
    expect(readPem(text, 'CERTIFICATE').map((bytes) => bytes[0])).toEqual([1, 3, 4])
    expect(readPem(text, 'X509 CRL').map((bytes) => bytes[0])).toEqual([2])
    expect(readPem(text, 'PKCS7')).toEqual([])
    expect(readPem('', 'CERTIFICATE')).toEqual([])
  })
  it('that do not end, or end as another, are refused at their beginning', () => {
    const open = '-----BEGIN CERTIFICATE-----AQ=='
    for (const rest of [open, `${open}-----END X509 CRL-----`, `${open}-----END CERTIFICATE----`]) {
      const text = `x${block('AQ==')}${rest}`
      expect(refusal(text, () => readPem(text, 'CERTIFICATE'))).toEqual(['pemMalformed', rest])
    }
  })
  it('the first of the label counts; another label only where there is none', () => {
    const text = `${block('Ag==', 'TRUSTED CERTIFICATE')}${block('AQ==')}${block('Aw==')}`
    expect(readPemOrDer(text, 'CERTIFICATE', 'TRUSTED CERTIFICATE')).toEqual(Uint8Array.of(1))
    expect(readPemOrDer(text, 'CERTIFICATE')).toEqual(Uint8Array.of(1))
    expect(readPemOrDer(text, 'X509 CRL', 'TRUSTED CERTIFICATE')).toEqual(Uint8Array.of(2))
    for (const alternative of [undefined, 'CRL']) expect(refusal(text, () => readPemOrDer(text, 'X509 CRL', alternative))).toEqual(['pemMalformed', text])
  })
  it('octets are a PEM file only when they do not begin as DER and a block begins in them', () => {
    const inside = block('AQ==')
    for (const bytes of [new Uint8Array(0), octets(`0${inside}`), octets('no block'), Uint8Array.of(0x31, 0), octets('-----BEGIN')]) expect(readPemOrDer(bytes, 'CERTIFICATE')).toBe(bytes)
    // A comment in any encoding, and longer than one piece of text.
    expect(readPemOrDer(octets(`\xff\xfe${'x'.repeat(8190)}${inside}${'y'.repeat(9000)}`), 'CERTIFICATE')).toEqual(Uint8Array.of(1))
    expect(readPemOrDer(octets(`${'x'.repeat(8180)}${inside}`), 'CERTIFICATE')).toEqual(Uint8Array.of(1))
    expect(readPemOrDer(octets(block('Ag==', 'TRUSTED CERTIFICATE')), 'CERTIFICATE', 'TRUSTED CERTIFICATE')).toEqual(Uint8Array.of(2))
    expect(refusal('', () => readPemOrDer(octets(inside), 'X509 CRL'))[0]).toBe('pemMalformed')
  })
})
