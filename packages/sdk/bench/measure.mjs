// Medians of rounds, in processor time: the machine may be shared, and the wall belongs to everybody.
/** Microseconds of processor time of a call, median over rounds of at least 20 ms after warming up. */
export function measure(body, { warm = 2_000, rounds = 15, least = 20_000 } = {}) {
  for (let i = 0; i < warm; i++) body()
  const found = []
  for (let round = 0; round < rounds; round++) {
    let calls = 0
    const start = process.cpuUsage()
    let spent = 0
    do {
      for (let i = 0; i < 20; i++) body()
      calls += 20
      const { user, system } = process.cpuUsage(start)
      spent = user + system
    } while (spent < least)
    found.push(spent / calls)
  }
  return found.sort((a, b) => a - b)[found.length >> 1]
}
