/** Shows lines in a box, as text: nothing that came from a file is ever markup. */
export function tell(place: Element | null, tone: 'baik' | 'awas' | 'buruk' | 'info', ...lines: readonly (string | readonly [string, string])[]): void {
  if (place === null) return
  const box = document.createElement('div')
  box.className = 'kotak'
  box.dataset['nada'] = tone
  for (const line of lines) {
    const paragraph = document.createElement('p')
    if (typeof line === 'string') paragraph.textContent = line
    else {
      const term = document.createElement('b')
      term.textContent = `${line[0]}: `
      paragraph.append(term, line[1])
    }
    box.append(paragraph)
  }
  place.replaceChildren(box)
}

/** "23 November 2026" */
export function dayOf(iso: string): string {
  return new Intl.DateTimeFormat('id-ID', { dateStyle: 'long', timeZone: 'Asia/Jakarta' }).format(new Date(iso))
}
