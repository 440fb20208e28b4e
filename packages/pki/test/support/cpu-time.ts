/** CPU time of this process so far, milliseconds: what a machine that is shared with others does not stretch, as it does the time by the clock. */
export function cpuTime(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
