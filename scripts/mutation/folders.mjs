// The folders whose tests are tried by mutation, and the tests that answer for each.
// Wording is no behaviour, lists of exports neither: `leave`. Tests of speed say nothing about code that is slowed by its own mutants: `except`.
const beside = /^[^/]*\.test\.ts$/
const sdk = 'packages/sdk'

export const folders = {
  workflow: {
    source: `${sdk}/src/workflow`, leave: /^(?:document|index)\.ts$/,
    tests: [[`${sdk}/src/workflow`, beside], [`${sdk}/test`, /^workflow-(?:document|outcomes)\.test\.ts$/]],
  },
  calendar: { source: `${sdk}/src/calendar`, leave: /^index\.ts$/, tests: [[`${sdk}/src/calendar`, beside]], except: /^cost/ },
  proof: { source: `${sdk}/src/proof`, leave: /^index\.ts$/, tests: [[`${sdk}/test`, /^(?:proof[^/]*|after-watch)\.test\.ts$/]] },
}
