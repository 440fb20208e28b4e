import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { transitions } from '@cabut/sdk/workflow'
import { checkConfiguration, readConfiguration } from './configuration.js'
import { deskCommands } from './index.js'
import { actingPerson } from './person.js'
import { commandWord, concluded } from './refusal.js'
import { noteAccess } from './view.js'

const minimal = {
  format: 'cabut-desk/1', standard: 'kota-pekalongan', anchors: ['root.pem'], ams: { mode: 'assisted' },
  roster: [{ id: 'dewi.larasati', role: 'verifier', opd: 'dinkominfo' }, { id: 'dewi.larasati', role: 'supervisor', opd: 'dinkominfo' }, { id: 'ratna.pertiwi', role: 'holder', opd: 'disdik' }],
}

test('every command a person may give is a command of `cabut desk`', () => {
  const words = new Set(deskCommands.map(({ usage }) => usage.split(' ')[1]))
  const given = (Object.keys(transitions) as (keyof typeof transitions)[]).filter((name) => transitions[name].by !== 'system' && !concluded.has(name))
  expect(given.filter((name) => !words.has(commandWord(name)))).toEqual([])
  expect(given.length).toBeGreaterThan(20)
})

describe('desk.json', () => {
  const broken = (change: object): unknown => {
    try {
      return checkConfiguration({ ...minimal, ...change }, 'desk.json')
    } catch (error) {
      return (error as Error).message
    }
  }

  test.each([
    ['a place nobody knows', { amss: {} }, /Unrecognized key.*amss/], ['no anchor', { anchors: [] }, /anchors/], ['a role nobody has', { roster: [{ id: 'a', role: 'raja' }] }, /roster\.0\.role/],
    ['an identity number as id', { roster: [{ id: '9999010101800001', role: 'verifier' }] }, /roster\.0\.id: an identity number is no id/], ['AMS over HTTP without an address', { ams: { mode: 'http' } }, /ams\.url/],
    ['a path that is none', { serve: { basePath: 'cabut/' } }, /serve\.basePath/], ['a checkpoint that goes nowhere', { checkpoint: {} }, /checkpoint\.folder/], ['a timestamp authority that is none', { checkpoint: { folder: 'titik', timestampAuthority: 'ftp://tsa.contoh.go.id' } }, /checkpoint\.timestampAuthority/],
    ['a timestamp authority of a desk that is offline', { checkpoint: { folder: 'titik', timestampAuthority: 'http://tsa.contoh.go.id' }, evidence: { fetch: 'offline' } }, /checkpoint\.timestampAuthority: a desk that is offline/], ['another format', { format: 'cabut-desk/2' }, /format/],
  ])('refuses %s, and names it', (_name, change, message) => {
    expect(broken(change)).toMatch(message)
  })

  test('fills in what is not said', () => {
    expect(checkConfiguration(minimal, 'desk.json')).toMatchObject({ evidence: { fetch: 'online', loopback: false }, sandbox: false, serve: { host: '127.0.0.1', port: 8080, basePath: '' } })
  })

  test('a folder without one is no desk', async () => {
    await expect(readConfiguration(tmpdir())).rejects.toMatchObject({ text: { id: expect.stringContaining('cabut desk init') as string } })
  })
})

describe('who acts', () => {
  const configuration = checkConfiguration(minimal, 'desk.json')

  test('a person of the roster, in the role the command allows', () => {
    const person = actingPerson(configuration, { as: 'dewi.larasati' }, 'root')
    expect(person.actorFor('ratify', [{ command: 'ratify', roles: ['supervisor'] }])).toEqual({ id: 'dewi.larasati', role: 'supervisor', opd: 'dinkominfo' })
    expect(person.actorFor('approve', [{ command: 'approve', roles: ['verifier', 'supervisor'] }]).role).toBe('verifier')
    expect(actingPerson(configuration, { as: 'dewi.larasati', role: 'supervisor' }, 'root').actorFor('approve').role).toBe('supervisor')
  })

  test('nobody else, and nobody unnamed', () => {
    expect(() => actingPerson(configuration, { as: 'tegar.maulana' }, 'root')).toThrow(/not on the roster/)
    expect(() => actingPerson(configuration, { as: 'ratna.pertiwi', role: 'verifier' }, 'root')).toThrow(/does not have that role/)
  })

  test('where people have accounts, the account decides', () => {
    const tied = checkConfiguration({ ...minimal, roster: [{ ...minimal.roster[0], login: 'dewi' }, minimal.roster[2]] }, 'desk.json')
    expect(actingPerson(tied, {}, 'dewi').id).toBe('dewi.larasati')
    expect(() => actingPerson(tied, { as: 'dewi.larasati' }, 'mallory')).toThrow(/not your account/)
    expect(() => actingPerson(tied, { as: 'ratna.pertiwi' }, 'dewi')).toThrow(/not your account/)
  })
})

test('personal data that cannot be noted is not shown', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cabut-access-'))
  try {
    writeFileSync(join(folder, 'file'), '')
    await expect(noteAccess(join(folder, 'file'), 'a', 'P-1', [], 'test')).rejects.toMatchObject({ name: 'InputError' })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
