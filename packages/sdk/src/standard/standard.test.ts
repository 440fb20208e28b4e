import { describe, expect, it } from 'vitest'
import { CabutError } from '../errors.js'
import { InvalidInputError } from '../issues.js'
import kotaPekalongan from './data/kota-pekalongan.json' with { type: 'json' }
import { componentNames, loadStandard, missingLetters, standardIds } from './index.js'

type Loose = Record<string, unknown>
const copy = (): Loose => structuredClone(kotaPekalongan)
/** Sets a dotted path (`steps[3].next`) in a copy of Pekalongan's data. */
function changed(path: string, value: unknown): Loose {
  const root = copy()
  const segments = path.replace(/\[(\d+)\]/g, '.$1').split('.')
  const last = segments.pop() as string
  const parent = segments.reduce<Loose>((at, segment) => at[segment] as Loose, root)
  if (value === undefined) delete parent[last]
  else parent[last] = value
  return root
}
function issuesOf(data: object): readonly [string, string][] {
  try {
    loadStandard(data)
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidInputError)
    expect((error as InvalidInputError).code).toBe('standardInvalid')
    return (error as InvalidInputError).issues.map(({ path, code }) => [path, code])
  }
  return []
}

describe.each(standardIds)('%s', (id) => {
  const standard = loadStandard(id)
  it('has all 14 components by name, verbatim or silent, each with its clause', () => {
    expect([...standard.components.map(({ name }) => name)].sort()).toEqual([...componentNames].sort())
    for (const { verbatim, says, clause } of standard.components) {
      expect(clause).not.toBe('')
      expect(verbatim.some((line) => line !== '-')).toBe(says === 'stated')
    }
  })

  it('says of every operative datum where it comes from', () => {
    const own = new Set(['format', 'id', 'version', 'title', 'region', 'office', 'components', 'provenance'])
    const spoken = (path: string): boolean => standard.provenance.some((entry) => path === entry.path || path.startsWith(`${entry.path}.`))
    const unspoken = Object.entries(standard).flatMap(([key, value]) => {
      if (own.has(key) || spoken(key)) return []
      return Object.keys(value as object)
        .map((inner) => `${key}.${inner}`)
        .filter((path) => !spoken(path))
    })
    expect(unspoken).toEqual([])
  })

  it('points with every provenance to a datum that is there', () => {
    for (const { path } of standard.provenance) {
      expect(
        path.split('.').reduce<unknown>((at, key) => (at as Loose | undefined)?.[key], standard),
        path,
      ).toBeDefined()
    }
  })

  it('is frozen through and through, and loaded once', () => {
    expect(Object.isFrozen(standard.steps[0])).toBe(true)
    expect(loadStandard(id)).toBe(standard)
  })
})

describe('Pekalongan', () => {
  const standard = loadStandard('kota-pekalongan')
  it('2.3: the owner files in AMS, before the check; the officer forwards', () => {
    expect(standard.ams).toEqual({ fileAt: 'submit', fileBy: 'holder', decide: true, step: 'submit' })
    expect(standard.filing).toMatchObject({ by: 'owner', role: 'holder', batch: { offered: false } })
  })
  it('3: 405 working minutes from complete submission to notification', () => {
    expect(standard.timeLimit).toMatchObject({ kind: 'workingMinutes', amount: 405, start: 'submission', stop: 'notification' })
    expect(standard.serviceHours.weekly.friday).toEqual({ open: '08:00', close: '11:00', breaks: [] })
    expect(standard.serviceHours.ramadan).toBeUndefined()
  })
  it('2.5: the officer checks; a mismatch sends the applicant back to the letter (2.1)', () => {
    const check = standard.steps.find(({ command }) => command === 'verify')
    expect(check).toMatchObject({
      clause: '2.5',
      actor: 'verifier',
      printedActor: 'holder',
      otherwise: { command: 'return', to: 'write-reason' },
    })
  })
  it('1 and 2.1: the letter stating the reason is mandatory although the requirements say "-"', () => {
    expect(missingLetters(standard, { reason: 'mutasi' }, [])).toEqual({ mandatory: ['reasonStatement'], advised: ['transferDecree'] })
    expect(missingLetters(standard, { reason: 'meninggal', onBehalf: 'deceased' }, ['reasonStatement']).mandatory).toEqual([
      'deathCertificate',
    ])
  })
  it('6.a.6: omits the official by role', () => {
    expect(standard.components.find(({ name }) => name === 'complaints')?.omitted).toContainEqual({
      what: 'personName',
      role: 'Pejabat Pengaduan',
      clause: '6.a.6',
    })
  })
})

describe('Purbalingga', () => {
  const standard = loadStandard('kabupaten-purbalingga')
  it('Service Delivery 2.4: the verification team files in AMS, after the disposition', () => {
    expect(standard.ams).toEqual({ fileAt: 'execute', fileBy: 'verifier', decide: false, step: 'enter-in-ams' })
    expect(standard.disposition).toBe(true)
  })
  it('Service Delivery 3: 170 working minutes from receipt to the answer letter', () => {
    expect(standard.timeLimit).toMatchObject({ kind: 'workingMinutes', amount: 170, start: 'receipt', stop: 'answerLetter' })
  })
  it('Service Delivery 1 and 2.1: the statement of the reason may stand inside the request letter', () => {
    expect(missingLetters(standard, { reason: 'pensiun' }, ['requestLetter'])).toEqual({ mandatory: [], advised: ['retirementDecree'] })
    expect(missingLetters(standard, { reason: 'lainnya' }, [])).toEqual({ mandatory: ['requestLetter', 'reasonStatement'], advised: [] })
  })
  it('Service Delivery 6.c: four classes of complaint with their own limits', () => {
    expect(standard.complaints.classes.map(({ limit }) => limit)).toEqual([
      { kind: 'workingMinutes', amount: 180 },
      { kind: 'workingMinutes', amount: 300 },
      { kind: 'workingDays', amount: 1 },
      { kind: 'workingDays', amount: 30 },
    ])
  })
})

describe('a standard that cannot be', () => {
  it.each<[string, object, string, string]>([
    ['is not a standard', {}, 'format', 'required'],
    ['has an unknown field', { ...copy(), surprise: 1 }, 'surprise', 'unknownField'],
    ['lies in a zone that does not exist', changed('zone', 'Asia/Singapore'), 'zone', 'zoneUnknown'],
    ['opens at 25:00', changed('serviceHours.weekly.monday.open', '25:00'), 'serviceHours.weekly.monday.open', 'wrongForm'],
    ['closes before it opens', changed('serviceHours.weekly.monday.close', '07:00'), 'serviceHours.weekly.monday.close', 'hoursOrder'],
    [
      'has a break longer than the day',
      changed('serviceHours.weekly.monday.breaks', [{ from: '06:00', to: '17:00' }]),
      'serviceHours.weekly.monday.breaks[0]',
      'breakOutside',
    ],
    [
      'has overlapping breaks',
      changed('serviceHours.weekly.monday.breaks', [
        { from: '10:00', to: '11:00' },
        { from: '10:30', to: '12:00' },
      ]),
      'serviceHours.weekly.monday.breaks[1]',
      'hoursOverlap',
    ],
    ['names an unknown role', changed('steps[5].role', 'mayor'), 'steps[5].role', 'unknownName'],
    ['names a role it does not define', changed('steps[5].role', 'coordinator'), 'steps[5].role', 'roleNotDefined'],
    ['names an unknown guard', changed('steps[6].guards', ['goodWill']), 'steps[6].guards[0]', 'unknownName'],
    ['names an unknown command', changed('steps[6].command', 'hurry'), 'steps[6].command', 'unknownName'],
    ['has a cycle', changed('steps[6].next', ['check', 'forward']), 'steps[5]', 'stepCycle'],
    ['has a step nobody can reach', changed('steps[7].next', ['bsre-revoke']), 'steps[8]', 'stepUnreachable'],
    ['points to a step that is not there', changed('steps[7].next', ['nowhere']), 'steps[7].next[0]', 'stepUnknown'],
    ['ends before closing', changed('steps[12].next', []), 'steps[12].next', 'stepDeadEnd'],
    ['never approves', changed('steps[6].command', 'verify'), 'steps', 'stepCommandMissing'],
    ['misses a component', { ...copy(), components: kotaPekalongan.components.slice(1) }, 'components', 'componentMissing'],
    [
      'has a component twice',
      { ...copy(), components: [...kotaPekalongan.components, kotaPekalongan.components[3]] },
      'components[14].name',
      'duplicate',
    ],
    ['files in AMS at another step than it says', changed('ams.step', 'forward'), 'ams.step', 'amsStepWrong'],
    ['starts its clock on nothing', changed('timeLimit.start', 'receipt'), 'timeLimit', 'clockStepMissing'],
    ['allows zero minutes', changed('timeLimit.amount', 0), 'timeLimit.amount', 'amountWrong'],
    ['gives the limit as text', changed('timeLimit.amount', '405'), 'timeLimit.amount', 'wrongType'],
  ])('%s', (_, data, path, code) => {
    expect(issuesOf(data)).toContainEqual([path, code])
  })

  it('names the shipped standards when the id is unknown', () => {
    expect(() => loadStandard('kota-atlantis')).toThrow(expect.objectContaining({ code: 'standardUnknown' }))
    expect(() => loadStandard('kota-atlantis')).toThrow(CabutError)
  })

  it('is told in Indonesian and English, without the value', () => {
    try {
      loadStandard(changed('zone', 'Mars/Olympus'))
      expect.unreachable()
    } catch (error) {
      expect((error as InvalidInputError).issues[0]).toEqual({
        path: 'zone',
        code: 'zoneUnknown',
        id: 'zona waktu tidak dikenal: hanya WIB, WITA, WIT',
        en: 'unknown time zone: only WIB, WITA, WIT',
      })
      expect(JSON.stringify(error)).not.toContain('Olympus')
    }
  })
})
