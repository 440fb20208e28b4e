// What the tests import as `vitest` under mutation: the same `expect` (@vitest/expect), and tests kept in a list that the runner calls one by one.
// Only what our tests use is here; whatever else one names is missing, and the bundle does not build.
import { ASYMMETRIC_MATCHERS_OBJECT, chai, getState, JestAsymmetricMatchers, JestChaiExpect, JestExtend, setState } from '@vitest/expect'

chai.use(JestExtend)
chai.use(JestChaiExpect)
chai.use(JestAsymmetricMatchers)

export const expect = (value, message) => {
  setState({ assertionCalls: getState(expect).assertionCalls + 1 }, expect)
  return chai.expect(value, message)
}
Object.assign(expect, chai.expect, globalThis[ASYMMETRIC_MATCHERS_OBJECT])
expect.unreachable = (message) => chai.assert.fail(`expected ${message ?? 'this'} not to be reached`)
setState({ assertionCalls: 0, isExpectingAssertions: false, expectedAssertionsNumber: null }, expect)

const suite = (parent, name) => ({ parent, name, items: [], before: [], after: [], each: [] })
const root = suite(undefined, '')
let current = root

const bodyOf = (rest) => rest.find((one) => typeof one === 'function')
const add = (name, ...rest) => current.items.push({ name, body: bodyOf(rest), parent: current })
const group = (name, ...rest) => current.items.push({ ...suite(current, name), body: bodyOf(rest) })
const skip = () => undefined
const rows = (register) => (table) => (name, ...rest) => {
  const body = bodyOf(rest)
  for (const [at, row] of table.entries()) register(`${name} [${at}]`, () => (Array.isArray(row) ? body(...row) : body(row)))
}
const withVariants = (register) => Object.assign(register, { each: rows(register), skip, skipIf: (wrong) => (wrong ? Object.assign(() => undefined, { each: () => skip }) : register) })

export const describe = withVariants(group)
export const test = withVariants(add)
export const it = test
export const beforeAll = (hook) => { current.before.push(hook) }
export const afterAll = (hook) => { current.after.push(hook) }
export const afterEach = (hook) => { current.each.push(hook) }

/** All tests in order, as `{ name, run }`; a suite's body runs here, its hooks with the first test of it that runs. */
export async function collect() {
  const tests = []
  const suites = []
  const walk = async (one, path) => {
    suites.push(one)
    for (const item of one.items) {
      const name = path === '' ? item.name : `${path} > ${item.name}`
      if (item.items === undefined) tests.push({ name, run: () => run(item) })
      else {
        current = item
        await item.body()
        await walk(item, name)
      }
    }
  }
  await walk(root, '')
  return { tests, finish: async () => { for (const one of suites) if (one.started === true) for (const hook of one.after) await hook() } }
}

async function run({ body, parent }) {
  const chain = []
  for (let one = parent; one !== undefined; one = one.parent) chain.unshift(one)
  for (const one of chain) {
    if (one.started === true) continue
    one.started = true
    for (const hook of one.before) await hook()
  }
  try {
    await body()
  } finally {
    for (const one of chain) for (const hook of one.each) await hook()
  }
}
