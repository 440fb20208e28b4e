import { attributeName, explainDifference, formatName, namesMatch, parseName, PkiError, type Name } from '@cabut/pki'
import { exitCodes } from '../exit-codes.js'
import { InputError } from '../input.js'
import type { CommandSpec } from '../program.js'
import { differenceWords } from '../wording/name-difference.js'
import { otherForm, pkiErrorWords } from '../wording/pki-errors.js'

const forms = ['rfc4514', 'rfc2253', 'rfc1779', 'openssl-oneline', 'openssl-slash'] as const

/** `cabut name explain DN [--against DN]`: reads a Distinguished Name and says where two of them differ (RFC 5280 7.1). */
export const nameExplain: CommandSpec = {
  usage: 'name explain <dn>',
  summary: { id: 'uraikan Subject DN, dan bandingkan dengan DN lain', en: 'take a Subject DN apart, and compare it with another' },
  options: [
    { flags: '--against <dn>', text: { id: 'DN pembanding', en: 'the DN to compare with' } },
    { flags: '--form <form>', text: { id: `bentuk teks: ${forms.join(', ')}`, en: `form of the text: ${forms.join(', ')}` } },
  ],
  async run(console, [text = ''], options) {
    const form = readForm(options['form'])
    if (text.trim() === '') throw new InputError({ id: 'DN kosong: tidak ada yang dapat diuraikan', en: 'the DN is empty: there is nothing to take apart' })
    const name = read(text, form)
    const against = typeof options['against'] === 'string' ? read(options['against'], form) : undefined
    const differences = against === undefined ? [] : explainDifference(name, against)
    const match = against === undefined ? undefined : namesMatch(name, against)
    console.document({ name: describe(name), ...(against === undefined ? {} : { against: describe(against), match, differences }) })
    console.line(formatName(name))
    for (const attribute of describe(name).attributes) console.line(`  ${(attributeName(attribute.type) ?? attribute.type).padEnd(12)}  ${attribute.value}`)
    if (against === undefined) return exitCodes.good
    console.line(match === true
      ? console.say({ id: 'Sama menurut RFC 5280 7.1', en: 'The same by RFC 5280 7.1' })
      : console.say({ id: 'Berbeda menurut RFC 5280 7.1', en: 'Different by RFC 5280 7.1' }))
    for (const difference of differences) console.line(`  ${console.say(differenceWords(difference))}`)
    return match === true ? exitCodes.good : exitCodes.namesDiffer
  },
}

function readForm(value: unknown): (typeof forms)[number] {
  if (value === undefined) return 'rfc4514'
  const form = forms.find((known) => known === value)
  if (form === undefined) throw new InputError({ id: `bentuk tidak dikenal; pilih ${forms.join(', ')}`, en: `unknown form; choose ${forms.join(', ')}` })
  return form
}

/** A text that is a DN in another form is refused with that form's name: guessing would read `/` and `,` within values wrongly. */
function read(text: string, form: (typeof forms)[number]): Name {
  try {
    return parseName(text, { form })
  } catch (error) {
    const other = error instanceof PkiError ? otherForm(text) : undefined
    if (!(error instanceof PkiError) || other === undefined) throw error
    const { id, en } = pkiErrorWords(error)
    throw new InputError({ id: `${id} [${error.code}]; teks ini berbentuk lain: ulangi dengan --form ${other}`, en: `${en} [${error.code}]; the text is in another form: repeat with --form ${other}` }, { cause: error })
  }
}

function describe(name: Name): { text: string; attributes: { type: string; value: string }[] } {
  return { text: formatName(name), attributes: name.rdns.flat().map(({ type, value }) => ({ type, value })) }
}
