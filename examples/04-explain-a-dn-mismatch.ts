import { attributeName, explainDifference, formatName, namesMatch, parseName, readCertificate } from '@cabut/pki'
import { openOffice } from './office.js'

const { certificate, close } = await openOffice()
const { subject } = readCertificate(certificate)
console.log(`certificate: ${formatName(subject)}`)

// What an office typed from a printout: other case, doubled spaces, one attribute left out, one letter wrong.
const typed = [
  formatName(subject).toUpperCase().replaceAll('LARAS KINANTI', 'LARAS  KINANTI'),
  formatName(subject).replace('Laras Kinanti', 'Laras Kinanty'),
  formatName(subject).replace(/,?O=[^,]+/, ''),
]
for (const text of typed) {
  const name = parseName(text)
  console.log(`\ntyped: ${text}\n  ${namesMatch(subject, name) ? 'the same name (RFC 5280 7.1)' : 'another name'}`)
  for (const { kind, type, left, right, hints } of explainDifference(subject, name)) {
    console.log(`  ${kind} ${attributeName(type) ?? type}: ${left ?? '-'} | ${right ?? '-'}${hints.length === 0 ? '' : ` (${hints.join(', ')})`}`)
  }
}

await close()
