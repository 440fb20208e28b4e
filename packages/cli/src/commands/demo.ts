import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Console } from '../console.js'
import { openProgress, prepareData, type Progress } from '../demo/progress.js'
import type { StoryEnd } from '../demo/story.js'
import { exitCodes } from '../exit-codes.js'
import type { Text } from '../language.js'
import type { CommandSpec } from '../program.js'

const stories: readonly { readonly id: string; readonly title: Text; tell(console: Console, seed: string, folder: string, progress: Progress): Promise<StoryEnd> }[] = [
  {
    id: 'kota-pekalongan',
    title: { id: 'Kota Pekalongan: pemilik mengajukan sendiri di AMS', en: 'Kota Pekalongan: the owner files in AMS' },
    tell: async (...given) => (await import('../demo/pekalongan.js')).pekalonganStory(...given),
  },
  {
    id: 'kabupaten-purbalingga',
    title: { id: 'Kabupaten Purbalingga: OPD mengajukan dengan surat', en: 'Kabupaten Purbalingga: the OPD files by letter' },
    tell: async (...given) => (await import('../demo/purbalingga.js')).purbalinggaStory(...given),
  },
]

/** `cabut demo`: the main job end to end for both standards, against the sandbox on loopback, with faults on. */
export const demo: CommandSpec = {
  usage: 'demo',
  summary: { id: 'jalankan seluruh alur untuk kedua standar, dari surat sampai bukti', en: 'run the whole path for both standards, from letter to proof' },
  options: [
    { flags: '--out <folder>', text: { id: 'tempat bukti pencabutan (bawaan: folder sementara)', en: 'where the receipts go (default: a temporary folder)' } },
    { flags: '--data <folder>', text: { id: 'tempat basis data meja layanan dan sandbox (bawaan: data di dalam folder bukti)', en: 'where the databases of desk and sandbox live (default: data, inside the receipts folder)' } },
    { flags: '--seed <text>', text: { id: 'benih gangguan', en: 'seed of the faults' } },
  ],
  async run(console, _args, options) {
    const out = typeof options['out'] === 'string' ? resolve(options['out']) : await mkdtemp(join(tmpdir(), 'cabut-demo-'))
    const seed = typeof options['seed'] === 'string' ? options['seed'] : 'demo'
    console.line(console.say({
      id: `Cabut: dicabut berarti terbukti. Sandbox di loopback, orang rekaan, gangguan menyala (benih "${seed}"), jam demo digerakkan sendiri.`,
      en: `Cabut: revoked means proven. Sandbox on loopback, invented people, faults on (seed "${seed}"), the demo moves its own clock.`,
    }))
    const data = typeof options['data'] === 'string' ? resolve(options['data']) : join(out, 'data')
    if (prepareData(data, stories.map(({ id }) => id), seed)) {
      console.line(console.say({ id: `Demo sebelumnya terputus; dilanjutkan dari ${data}.`, en: `An earlier demo was interrupted; it goes on from ${data}.` }))
    }
    const ends: StoryEnd[] = []
    for (const story of stories) {
      console.line()
      console.line(`== ${console.say(story.title)}`)
      const progress = openProgress(join(data, story.id), seed)
      if (progress.end === undefined) {
        progress.end = await story.tell(console, seed, join(out, story.id), progress)
        progress.save()
      } else console.line(`  ${console.say({ id: 'sudah selesai sebelum terputus', en: 'finished before the interruption' })}: ${progress.end.receipt}`)
      ends.push(progress.end)
    }
    console.document({ seed, runs: ends })
    console.line()
    console.line(console.say({
      id: `Selesai: ${ends.length} pencabutan terbukti, ${ends.filter(({ verified }) => verified).length} bukti terverifikasi.`,
      en: `Done: ${ends.length} revocations proven, ${ends.filter(({ verified }) => verified).length} receipts verified.`,
    }))
    return exitCodes.good
  },
}
