// A process that tries mutants: switches one on and runs the tests that reach it, quick ones first, to the first that fails; loads the bundle anew for a
// mutant that is at work while the code is loaded. Told over IPC what to do; a mutant that never ends is the parent's business.
import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'

const [bundle] = process.argv.slice(2)
let loads = 0

/**
 * Tests make RSA and DSA keys of their own by the dozen, which takes longer than all else they do: they get them from a ring, each key again only after `ring` others.
 * What is made while the code is loaded stays in use, so it has a ring of its own.
 */
const ring = 64
const kept = new Map()
let loading = false
const { generateKeyPairSync } = crypto
crypto.generateKeyPairSync = (type, options) => {
  if (type !== 'rsa' && type !== 'dsa' || options?.privateKeyEncoding !== undefined || options?.publicKeyEncoding !== undefined) return generateKeyPairSync(type, options)
  const name = `${loading} ${type} ${JSON.stringify(options)}`
  const keys = kept.get(name) ?? { list: [], next: 0 }
  kept.set(name, keys)
  return keys.list[keys.next++ % ring] ??= generateKeyPairSync(type, options)
}
syncBuiltinESMExports()

async function load(state) {
  globalThis.__stryker__ = state
  loading = true
  try {
    const { collect } = await import(`${bundle}?${(loads += 1)}`)
    return await collect()
  } finally {
    loading = false
  }
}

/** Which tests reach which mutants, how long each takes; a test that fails without any mutant is no judge. */
async function dry({ except }) {
  const state = { mutantCoverage: { static: {}, perTest: {} } }
  const { tests, finish } = await load(state)
  const rows = []
  const covered = {}
  for (const [at, { name, run }] of tests.entries()) {
    if (except !== undefined && new RegExp(except).test(name)) continue
    state.currentTestId = `${at}`
    const [begin, cpu] = [performance.now(), process.cpuUsage()]
    let failed
    try { await run() } catch (error) { failed = String(error?.message ?? error) }
    rows.push({ at, name, milliseconds: performance.now() - begin, cost: process.cpuUsage(cpu).user / 1000, failed })
    for (const [id, hits] of Object.entries(state.mutantCoverage.perTest[`${at}`] ?? {})) {
      covered[id] ??= { most: 0, tests: [] }
      covered[id].most = Math.max(covered[id].most, hits)
      covered[id].tests.push(at)
    }
  }
  state.currentTestId = undefined
  await finish()
  // A test that passes only after another would accuse mutants that did nothing.
  const alone = await load({})
  const inOrderOfCost = [...rows].sort((a, b) => a.cost - b.cost)
  for (const row of inOrderOfCost) if (row.failed === undefined) await alone.tests[row.at].run().catch((error) => { row.failed = `only in another order: ${String(error?.message ?? error)}` })
  await alone.finish()
  return { rows, covered, atLoad: Object.keys(state.mutantCoverage.static) }
}

let warm

/** A copy that is kept: its code is compiled already. What a mutant may have left in it is looked for after every test that failed. */
async function keptCopy() {
  if (warm === undefined) {
    const state = {}
    warm = { state, ...await load(state) }
  }
  return warm
}

async function attempt({ id, order, everything, slow, hitLimit, atLoad }) {
  // One that also works while the code is loaded: most are noticed after that as well, which is sooner found out.
  if (!atLoad) return attemptInKept({ id, order, everything, slow, hitLimit })
  const answer = order.length === 0 ? undefined : await attemptInKept({ id, order, everything, slow, hitLimit })
  return answer?.status === 'Killed' ? answer : attemptAfresh({ id, order: everything, hitLimit })
}

async function attemptInKept({ id, order, slow, hitLimit }) {
  const { state, tests } = await keptCopy()
  Object.assign(state, { activeMutant: id, hitLimit })
  let reached = false
  try {
    for (const at of order) {
      state.hitCount = 0
      const failed = await fails(tests[at])
      reached ||= state.hitCount > 0
      if (failed) {
        state.activeMutant = undefined
        // A slow test is not run again: the quick ones tell whether the copy is sound.
        const check = slow.includes(at) ? order.filter((one) => !slow.includes(one)) : [at]
        let sound = true
        for (const one of check) sound &&= !await fails(tests[one])
        if (sound) return { status: 'Killed', by: tests[at].name }
        // The copy is spoilt, by this mutant or one before: a new one decides.
        warm = undefined
        return await attemptAfresh({ id, order, hitLimit })
      }
    }
    return { status: 'Survived', reached }
  } finally {
    state.activeMutant = undefined
  }
}

/** The code is loaded with the mutant in it: for what happens at loading. */
async function attemptAfresh({ id, order, hitLimit }) {
  const state = { activeMutant: id, hitCount: 0, hitLimit }
  let tests
  try {
    ({ tests } = await load(state))
  } catch (error) {
    return { status: 'Killed', by: `at loading: ${String(error?.message ?? error).slice(0, 200)}` }
  }
  for (const at of order) {
    state.hitCount = 0
    if (tests[at] === undefined) return { status: 'Killed', by: 'a test is gone' }
    if (await fails(tests[at])) return { status: 'Killed', by: tests[at].name }
  }
  return { status: 'Survived' }
}

const fails = ({ run }) => run().then(() => false, () => true)

// What a mutant leaves behind (a rejected promise nobody awaits) must not end the process.
process.on('unhandledRejection', () => undefined)
process.on('uncaughtException', () => undefined)
console.log = () => undefined
// Whoever asked has gone.
process.on('disconnect', () => process.exit())
process.on('message', async (task) => {
  const result = await (task.dry === true ? dry(task) : attempt(task)).catch((error) => ({ error: String(error?.stack ?? error) }))
  process.send({ ...result, memory: process.memoryUsage.rss() })
})
process.send({ ready: true })
