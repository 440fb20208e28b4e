import { loadStandard, standardIds, type Component, type ComponentName, type Saying, type ServiceStandard } from '@cabut/sdk/standard'
import type { Console } from '../console.js'
import { exitCodes } from '../exit-codes.js'
import { InputError, readInput } from '../input.js'
import type { Text } from '../language.js'
import type { CommandSpec } from '../program.js'
import { summaryOf } from './standard-summary.js'

const componentTitles: Readonly<Record<ComponentName, Text>> = {
  requirements: { id: 'Persyaratan', en: 'Requirements' },
  procedure: { id: 'Sistem, mekanisme dan prosedur', en: 'System, mechanism and procedure' },
  timeLimit: { id: 'Jangka waktu penyelesaian', en: 'Time limit' },
  fee: { id: 'Biaya/tarif', en: 'Fee' },
  product: { id: 'Produk pelayanan', en: 'Product' },
  complaints: { id: 'Penanganan pengaduan, saran dan masukan', en: 'Complaints, suggestions and feedback' },
  legalBasis: { id: 'Dasar hukum', en: 'Legal basis' },
  facilities: { id: 'Sarana, prasarana dan/atau fasilitas', en: 'Facilities' },
  competence: { id: 'Kompetensi pelaksana', en: 'Competence of staff' },
  supervision: { id: 'Pengawasan internal', en: 'Internal supervision' },
  headcount: { id: 'Jumlah pelaksana', en: 'Number of staff' },
  guarantee: { id: 'Jaminan pelayanan', en: 'Guarantee of service' },
  safety: { id: 'Jaminan keamanan dan keselamatan', en: 'Guarantee of safety' },
  evaluation: { id: 'Evaluasi kinerja pelaksana', en: 'Evaluation of performance' },
}

const sayings: Readonly<Record<Saying, Text>> = {
  stated: { id: '', en: '' },
  silent: { id: '(tidak disebut dalam standar)', en: '(the standard says nothing)' },
  unknown: { id: '(tidak terbaca)', en: '(could not be read)' },
}

/** `cabut standard show ID|FILE`: the whole service as a page a citizen could read: the source's words, and our reading beside them. */
export const standardShow: CommandSpec = {
  usage: 'standard show <id-or-file>',
  summary: { id: `tampilkan standar pelayanan (${standardIds.join(', ')}, atau berkas)`, en: `show a service standard (${standardIds.join(', ')}, or a file)` },
  async run(console, [which = '']) {
    const standard = await findStandard(which)
    console.document(standard)
    console.line(standard.title[console.language])
    console.line(`${standard.office[console.language]} (${standard.zone})`)
    console.line()
    console.line(console.say({ id: 'RINGKASAN (menurut bacaan kami; kata-kata sumber di bawah)', en: 'IN SHORT (as we read it; the source\'s own words, in Indonesian, are below)' }))
    for (const [label, lines] of summaryOf(standard, console.language)) {
      for (const [at, line] of lines.entries()) wrap(console, line, `   ${(at === 0 ? label : '').padEnd(18)}`)
    }
    for (const [index, component] of standard.components.entries()) showComponent(console, component, index + 1)
    showSteps(console, standard)
    return exitCodes.good
  },
}

/** A standard by its id, or from a JSON file. */
export async function findStandard(which: string): Promise<ServiceStandard> {
  return loadStandard(await readStandardSource(which))
}

/** An id as it stands, or the parsed data file; not yet checked. */
export async function readStandardSource(which: string): Promise<string | object> {
  if (!/[./\\]/.test(which)) {
    if (standardIds.includes(which)) return which
    throw new InputError({ id: `standar "${which}" tidak dikenal (${standardIds.join(', ')}, atau berkas)`, en: `unknown standard "${which}" (${standardIds.join(', ')}, or a file)` })
  }
  const bytes = await readInput(which)
  try {
    const data: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    if (typeof data === 'object' && data !== null) return data
  } catch {
    // Said below: a file that is no JSON, and one that holds no object, are mended the same way.
  }
  throw new InputError({ id: `${which}: bukan berkas data JSON`, en: `${which}: not a JSON data file` })
}

function showComponent(console: Console, component: Component, number: number): void {
  console.line()
  console.line(`${number}. ${console.say(componentTitles[component.name])}  [${component.clause}]`)
  for (const line of component.verbatim) wrap(console, line, '   ')
  if (component.says !== 'stated') console.line(`   ${console.say(sayings[component.says])}`)
  if (component.reading !== undefined) wrap(console, `${console.say({ id: 'Dibaca', en: 'Read as' })}: ${console.say(component.reading)}`, '   > ')
  for (const omission of component.omitted ?? []) {
    console.line(`   ${console.say({ id: 'Data pribadi tidak dimuat; peran', en: 'Personal data left out; role' })}: ${omission.role}`)
  }
}

/** The steps in order; an office's own clauses beside them. What Cabut adds is marked. */
function showSteps(console: Console, standard: ServiceStandard): void {
  console.line()
  console.line(console.say({ id: 'LANGKAH', en: 'STEPS' }))
  for (const [index, step] of standard.steps.entries()) {
    const actor = standard.roles.find(({ role }) => role === step.actor)?.title[console.language] ?? step.actor
    const clause = step.clause === '-' ? console.say({ id: 'ditambahkan Cabut', en: 'added by Cabut' }) : step.clause
    const optional = step.optional === true ? console.say({ id: ', boleh dilewati', en: ', may be left out' }) : ''
    wrap(console, `${console.say(step.title)} - ${actor} [${clause}${optional}]`, `   ${String(index + 1).padStart(2)}. `)
  }
}

/** Breaks a line at spaces before column 100; what follows stands below the text, not below the label. */
function wrap(console: Console, text: string, lead: string): void {
  let line = lead
  let empty = true
  for (const piece of text.split(' ')) {
    if (!empty && line.length + 1 + piece.length > 100) {
      console.line(line)
      line = ' '.repeat(lead.length)
      empty = true
    }
    line += empty ? piece : ` ${piece}`
    empty = false
  }
  console.line(line.trimEnd())
}
