// One process on an inbox. Dies by SIGKILL before the disk change number CRASH_AT.
import { createFolderTransport } from '../src/folder/folder-transport.js'
import { work } from './folder-work.js'

const [folder = '', crashAt = '0', rounds = '1'] = process.argv.slice(2)
let step = 0
const transport = await createFolderTransport({
  folder, patience: 0,
  onStep: () => {
    step += 1
    if (step === Number(crashAt)) process.kill(process.pid, 'SIGKILL')
  },
})
await work(transport, Number(rounds))
process.stdout.write(`steps ${step}\n`)
