import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { cabut } from '../../test/run.js'

const bash = spawnSync('bash', ['--version']).status === 0
if (!bash) console.warn('skipped: bash completion, no bash on the PATH')

test.skipIf(!bash)('bash offers commands, sub-commands and options, and goes on behind arguments', async () => {
  const { out, code } = await cabut(['completion', 'bash'])
  expect(code).toBe(0)
  const complete = (...words: readonly string[]): readonly string[] => {
    const program = `${out}\nCOMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _cabut; printf '%s\\n' "\${COMPREPLY[@]}"`
    return spawnSync('bash', ['-c', program], { encoding: 'utf8' }).stdout.trim().split('\n')
  }
  expect(complete('cabut', 'des')).toEqual(['desk'])
  expect(complete('cabut', 'desk', 'app')).toEqual(['approve'])
  expect(complete('cabut', 'desk', 'approve', 'P-1', '--if')).toEqual(['--if-version'])
  expect(complete('cabut', 'bulk', '')).toEqual(expect.arrayContaining(['check', 'run', 'resume', 'worklist', 'reconcile']))
})

test('another shell is refused by name', async () => {
  expect(await cabut(['completion', 'tcsh'])).toMatchObject({ code: 2, err: 'cabut: shell: bash, zsh, fish\n' })
})
