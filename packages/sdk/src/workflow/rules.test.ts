import { describe, expect, test } from 'vitest'
import { pekalongan, purbalingga } from '../../test/case.js'
import { compileRules, type CommandName, type RoleName } from './index.js'

type Step = (typeof pekalongan.steps)[number]

/** The standard with other steps: only who gives which command counts here. */
const withSteps = (...steps: readonly (readonly [CommandName, RoleName])[]): typeof pekalongan => ({ ...pekalongan, steps: steps.map(([command, role]): Step => ({ ...pekalongan.steps[0] as Step, command, role, guards: [] })) })
const rolesOf = (standard: typeof pekalongan, command: CommandName): readonly string[] => [...compileRules(standard).rolesOf[command]].sort()

describe('who decides', () => {
  test('whoever the standard lets approve or verify, and their superior', () => {
    expect(rolesOf(withSteps(['approve', 'coordinator']), 'approve')).toEqual(['coordinator', 'supervisor'])
    expect(rolesOf(withSteps(['verify', 'registrar']), 'approve')).toEqual(['registrar', 'supervisor'])
    expect(rolesOf(withSteps(['verify', 'registrar'], ['approve', 'coordinator']), 'reject')).toEqual(['coordinator', 'registrar', 'supervisor'])
    expect(rolesOf(withSteps(['verify', 'registrar'], ['receive', 'head']), 'approve')).toEqual(['registrar', 'supervisor'])
  })

  test('where it names nobody, or the software: the verification officer; never the software', () => {
    for (const steps of [[], [['approve', 'system']], [['verify', 'system'], ['approve', 'system']]] as const) {
      expect(rolesOf(withSteps(...steps), 'approve')).toEqual(['supervisor', 'verifier'])
    }
    expect(rolesOf(withSteps(['approve', 'system'], ['approve', 'head']), 'approve')).toEqual(['head', 'supervisor'])
  })

  test('in both published standards the verification officer and the superior', () => {
    for (const standard of [pekalongan, purbalingga]) expect(rolesOf(standard, 'approve')).toEqual(['supervisor', 'verifier'])
  })
})

describe('what a step adds', () => {
  test('its role to those who may give the command', () => {
    expect(rolesOf(withSteps(), 'dispose')).toEqual(['head', 'registrar'])
    expect(rolesOf(withSteps(['dispose', 'coordinator']), 'dispose')).toEqual(['coordinator', 'head', 'registrar'])
  })

  test('the software only where the desk acts for itself anyway', () => {
    expect(rolesOf(withSteps(['dispose', 'system'], ['file', 'system']), 'dispose')).toEqual(['head', 'registrar'])
    expect(rolesOf(withSteps(['file', 'system']), 'file')).not.toContain('system')
    for (const command of ['execute', 'notify', 'prove', 'close'] as const) expect(rolesOf(withSteps([command, 'system']), command)).toContain('system')
    for (const command of ['execute', 'notify', 'prove'] as const) expect(rolesOf(withSteps(), command)).toContain('system')
  })
})

describe('AMS', () => {
  test.each([['submit', true, true], ['submit', false, false], ['execute', true, false], ['execute', false, false]] as const)('filed at %s, decide %s: the agency tells AMS its decision: %s', (fileAt, decide, expected) => {
    expect(compileRules({ ...pekalongan, ams: { ...pekalongan.ams, fileAt, decide } }).decidesInAms).toBe(expected)
  })
})

test('filers are those of the filing: the applicant, the role of the standard, and those on behalf', () => {
  expect([...compileRules(pekalongan).filers].sort()).toEqual(['applicant', 'holder', 'personnelOffice', 'verifier'])
  expect([...compileRules(purbalingga).filers].sort()).toEqual(['applicant', 'opdOfficer', 'personnelOffice', 'verifier'])
})

test('an answer is owed where a step answers', () => {
  expect([pekalongan, purbalingga, withSteps(['answer', 'head'])].map(standard => compileRules(standard).answerRequired)).toEqual([false, true, true])
})
