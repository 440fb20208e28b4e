// The folders whose tests are tried by mutation, and the tests that answer for each.
// Wording is no behaviour, lists of exports neither: `leave`. Tests of speed say nothing about code that is slowed by its own mutants: `except`.
const beside = /^[^/]*\.test\.ts$/
const sdk = 'packages/sdk'

const pki = 'packages/pki'
/** A folder of pki is judged by the tests of all of them, for a reader is used by what stands above it; properties judge their own folder. */
const pkiFolder = (name) => ({
  source: `${pki}/src/${name}`, leave: /^index\.ts$/,
  tests: [[`${pki}/src`, new RegExp(`^[^.]+\\.test\\.ts$|^${name}/.*\\.prop\\.test\\.ts$`)], [`${pki}/test`, /^timestamp\.test\.ts$/]],
  // Each of the properties' cases tries a mutant: a hundred find what a thousand find, but for the rarest.
  except: /linear time|path explosion|> indexes on demand|flood of names/, settings: { CABUT_FUZZ: '60' },
})

export const folders = {
  ...Object.fromEntries(['certificate', 'crl', 'crypto', 'der', 'name', 'ocsp', 'path', 'status', 'timestamp'].map((name) => [`pki/${name}`, pkiFolder(name)])),
  workflow: {
    source: `${sdk}/src/workflow`, leave: /^(?:document|index)\.ts$/,
    tests: [[`${sdk}/src/workflow`, beside], [`${sdk}/test`, /^workflow-(?:document|outcomes)\.test\.ts$/]],
  },
  calendar: { source: `${sdk}/src/calendar`, leave: /^index\.ts$/, tests: [[`${sdk}/src/calendar`, beside]], except: /^cost/ },
  proof: { source: `${sdk}/src/proof`, leave: /^index\.ts$/, tests: [[`${sdk}/test`, /^(?:proof[^/]*|after-watch)\.test\.ts$/]] },
}
