import fc from 'fast-check'

/**
 * Normal runs draw the same cases every time: a commit is judged by what it changed, not by the luck of a draw. `CABUT_SEED=anew` draws others
 * (`npm run deep` does; a failure prints its seed), `CABUT_SEED=<number>` replays.
 */
const seed = process.env['CABUT_SEED'] ?? '20261123'
if (seed !== 'anew') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(seed) })
