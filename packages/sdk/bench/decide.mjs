// One request from filing to closing under Kabupaten Purbalingga: 15 commands. The peer runs the same statechart: states and edges come from
// the very same table, its guards check the role only (less than ours, which check four eyes, office, time, letters, findings, proof).
import { assign, createActor, createMachine, initialTransition, transition } from 'xstate'
import { measure } from './measure.mjs'

// As built; with CABUT_BENCH=source (and tsx) from the sources.
const built = process.env.CABUT_BENCH === 'source' ? ['../src', 'ts'] : ['../dist', 'js']
const { loadStandard } = await import(`${built[0]}/standard/index.${built[1]}`)
const { compileRules, decide, evolve, isRefusal, statuses, systemActor, transitions } = await import(`${built[0]}/workflow/index.${built[1]}`)

const rules = compileRules(loadStandard('kabupaten-purbalingga'), { roster: [{ id: 'budi', role: 'verifier' }, { id: 'dodi', role: 'supervisor' }] })
const t = minute => new Date(Date.UTC(2026, 10, 24, 2, minute)).toISOString()
const opd = { id: 'ani', role: 'opdOfficer', opd: 'opd-a' }
const head = { id: 'kepala', role: 'head', opd: 'dinkominfo' }
const budi = { id: 'budi', role: 'verifier', opd: 'dinkominfo' }
const findings = { data: 'match', completeness: 'complete', subjectDn: 'match' }
const letter = { kind: 'requestLetter', sha256: 'b', size: 1, mediaType: 'application/pdf' }
const proof = {
  source: 'crl', sha256: 'e', certificate: { issuerDn: 'CN=CA', serial: '0a', sha256: 'c' }, thisUpdate: t(0), revocationDate: t(0), anchorSha256: 'r', seenAt: t(0),
}
const record = status => ({ id: 'A-1', status, rawStatus: status })

const script = [
  [{ type: 'file', caseId: 'K-1', kind: 'revocation', reason: 'mutasi', certificate: { issuerDn: 'CN=CA', serial: '0a' }, letters: [letter],
    parties: { applicant: { id: 'ani', opd: 'opd-a' }, holder: { id: 'ani' }, opdOrigin: 'opd-a' } }, opd],
  [{ type: 'notify', subject: 'submitted', channel: 'mail' }, systemActor], [{ type: 'dispose', to: 'budi' }, head], [{ type: 'verify', findings }, budi],
  [{ type: 'approve' }, budi], [{ type: 'execute' }, systemActor], [{ type: 'startWrite', operation: 'file', key: 'K-1.file.1' }, systemActor],
  [{ type: 'recordAmsAnswer', operation: 'file', outcome: 'accepted', record: record('waitingBsre') }, systemActor],
  [{ type: 'recordAmsAnswer', operation: 'read', outcome: 'accepted', record: record('revoked') }, systemActor],
  [{ type: 'notify', subject: 'awaitingProof', channel: 'mail' }, systemActor], [{ type: 'answer', letter: { ...letter, kind: 'answerLetter', sha256: 'z' } }, systemActor],
  [{ type: 'recordEvidence', evidence: { sha256: 'e', source: 'crl', verdict: 'revoked' } }, systemActor], [{ type: 'prove', proof: { of: 'revoked', proof } }, systemActor],
  [{ type: 'notify', subject: 'revoked', channel: 'mail' }, systemActor], [{ type: 'close' }, systemActor],
]

/** Walks the script once; the states before each command and the target of each. */
function walk() {
  const states = []
  let state
  script.forEach(([command, actor], minute) => {
    const decision = decide(rules, state, command, actor, t(minute))
    if (isRefusal(decision)) throw new Error(`${command.type}: ${decision.refused}`)
    for (const event of decision) state = evolve(state, event, 'K-1', rules.standard)
    states.push(state)
  })
  return states
}

export async function run() {
  const after = walk()
  const times = script.map((_, minute) => t(minute))
  const before = [undefined, ...after]
  const events = script.map(([command, actor], index) => decide(rules, before[index], command, actor, times[index]))
  const rows = []
  const add = (name, calls, body, note = '') => rows.push({ name, microseconds: measure(body) / calls, note })

  add('decide (one command)', script.length, () => { for (let i = 0; i < script.length; i++) decide(rules, before[i], script[i][0], script[i][1], times[i]) }, '')
  add('decide and evolve (one command)', script.length, () => {
    let state
    for (let i = 0; i < script.length; i++) for (const event of decide(rules, state, script[i][0], script[i][1], times[i])) state = evolve(state, event, 'K-1', rules.standard)
  }, '')
  add('decide, refused (wrong role, says what would be allowed)', script.length - 1, () => {
    for (let i = 1; i < script.length; i++) decide(rules, before[i], script[i][0], { id: 'x', role: 'bsre' }, times[i])
  }, '')
  add('evolve (one event)', events.flat().length, () => { for (let i = 0; i < events.length; i++) { let s = before[i]; for (const event of events[i]) s = evolve(s, event, 'K-1', rules.standard) } }, '')

  const ours = rows[1].microseconds
  const machine = peer()
  const sent = script.slice(1).map(([command, actor], index) => ({ type: command.type, role: actor.role, to: after[index + 1].status, command }))
  add('XState 5 actor: send (one event)', sent.length, () => {
    const actor = createActor(machine).start()
    for (const event of sent) actor.send(event)
    if (actor.getSnapshot().value !== 'closed') throw new Error('the peer did not get there')
    actor.stop()
  }, '')
  add('XState 5 pure transition (one event)', sent.length, () => {
    let [snapshot] = initialTransition(machine)
    for (const event of sent) [snapshot] = transition(machine, snapshot, event)
    if (snapshot.value !== 'closed') throw new Error('the peer did not get there')
  }, '')
  for (const row of rows.slice(4)) row.note = `${(row.microseconds / ours).toFixed(0)} x decide and evolve`
  const [decide1, , , , actor, pure] = rows.map(({ microseconds }) => microseconds)
  return {
    title: 'One request of Kabupaten Purbalingga from filing to closing, 15 commands',
    rows,
    targets: [
      { what: 'a decision', wanted: '<= 2 us', got: `${decide1.toFixed(2)} us`, met: decide1 <= 2 },
      { what: 'decide and evolve beside the same statechart in XState 5, actor', wanted: 'faster', got: `${(actor / ours).toFixed(0)} x`, met: actor > ours },
      { what: 'the same, XState 5 pure transition', wanted: 'faster', got: `${(pure / ours).toFixed(0)} x`, met: pure > ours },
    ],
  }
}

function peer() {
  const states = {}
  for (const status of Object.keys(statuses)) {
    const on = {}
    for (const [command, row] of Object.entries(transitions)) {
      const targets = row.edges[status]
      if (targets === undefined) continue
      on[command] = targets.map(target => ({
        target, guard: ({ event }) => event.to === target && rules.rolesOf[command].has(event.role),
        actions: assign({ log: ({ context, event }) => [...context.log, event.command] }),
      }))
    }
    states[status] = { on }
  }
  return createMachine({ id: 'request', initial: 'submitted', context: { log: [] }, states })
}
