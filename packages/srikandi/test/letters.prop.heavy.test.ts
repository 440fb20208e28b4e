import { readdir } from 'node:fs/promises'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Received } from '@cabut/srikandi'
import { batchStandard, openLetterOffice, tuesday, type LetterOffice } from './letter-office.js'
import { planLetters, planOffices, planPeople, type PlannedLetter } from './letter-plan.js'

/** The whole: 200 letters, batches up to 100. `CABUT_DEEP=1`, as CI runs it. */
const deep = process.env['CABUT_DEEP'] === '1'
const count = deep ? 200 : 24
if (!deep) console.log(`REDUCED: ${count} generated letters with batches up to 12; CABUT_DEEP=1 runs 200 with up to 100`)

async function stateOf({ desk }: LetterOffice): Promise<string> {
  const lines: string[] = []
  for (let after: string | undefined; ;) {
    const page = await desk.list({ limit: 500, ...(after === undefined ? {} : { after }) })
    for (const { id, status, state } of page) lines.push(`${id} ${status} ${state.letters.map(({ sha256 }) => sha256).join()} ${(await desk.history(id)).map(({ type }) => type).join(',')}`)
    after = page.at(-1)?.id
    if (page.length < 500) return lines.sort().join('\n')
  }
}

const outcome = (received: Received): PlannedLetter['expected'] | string => {
  if (received.outcome === 'rejected') return { rejected: received.error.code }
  if (received.outcome === 'released') return String(received.error)
  return { requests: received.requests.filter(({ outcome: one }) => one === 'filed').length, findings: (received.examination?.findings ?? []).map(({ code }) => code).sort() }
}

it('generated letters (signed, unsigned, wrong signer, revoked signer, own certificate, batches, odd numbers) give the expected requests and flags, in any order, twice', async () => {
  let expected: string | undefined
  const here = await openLetterOffice({ sandbox: { faults: 'none', publication: { delay: 0 } } })
  try {
    const letters = await planLetters(await planPeople(here.sandbox), { seed: 'surat', count, most: deep ? 100 : 12, at: new Date(tuesday) })
    await fc.assert(fc.asyncProperty(fc.shuffledSubarray([...letters], { minLength: count, maxLength: count }), async (order) => {
      const office = await openLetterOffice({
        running: here.sandbox, desk: { standard: batchStandard, clock: () => new Date(tuesday) },
        letters: { offices: planOffices, clock: () => new Date(tuesday), signatures: { anchors: here.sandbox.anchors, intermediates: [here.sandbox.ca.issuingPem], fetch: here.sandbox.fetch } },
      })
      try {
        for (const { name, row, pdf } of order) await office.put(name, row, pdf)
        const received: Received[] = []
        for (let round = 0; round < count + 2; round += 1) {
          const some = await office.letters.receive()
          if (some.length === 0) break
          received.push(...some)
        }
        for (const { name, expected: wanted } of letters) {
          const one = received.find((candidate) => candidate.name === `${name}.json`)
          expect(one === undefined ? 'not taken' : outcome(one), name).toEqual(wanted)
        }
        const state = await stateOf(office)
        expected ??= state
        expect(state).toBe(expected)
        // Again, in the other direction and under other names.
        for (const { name, row, pdf } of [...order].reverse()) await office.put(`lagi-${name}`, row, pdf)
        for (let round = 0; round < count + 2 && (await office.letters.receive()).length > 0; round += 1) { /* until nothing is new */ }
        expect(await stateOf(office)).toBe(expected)
        expect(await readdir(`${office.root}/claimed`)).toEqual([])
        expect((await readdir(`${office.root}/done`)).length + (await readdir(`${office.root}/rejected`)).length).toBe(2 * count)
      } finally {
        await office.close()
      }
    }), { numRuns: 2 })
  } finally {
    await here.close()
  }
}, deep ? 3_600_000 : 120_000)
