// On every page: a form that is being sent says so and is not sent twice; files can be dropped beside their field.
for (const form of document.querySelectorAll('form')) {
  form.addEventListener('submit', (event) => {
    if (event.defaultPrevented) return
    const { submitter } = event
    // After the browser has read the form: a disabled button would not be sent with it.
    setTimeout(() => {
      for (const button of form.querySelectorAll('button')) button.disabled = true
      if (submitter instanceof HTMLButtonElement) submitter.textContent = 'Mengirim …'
    })
  })
}
addEventListener('pageshow', (event) => { if (event.persisted) location.reload() })

for (const input of document.querySelectorAll<HTMLInputElement>('input[type=file]')) {
  const area = input.closest('.isian') ?? input.parentElement
  area?.addEventListener('dragover', (event) => { event.preventDefault(); area.classList.add('seret') })
  area?.addEventListener('dragleave', () => area.classList.remove('seret'))
  area?.addEventListener('drop', (event) => {
    const files = (event as DragEvent).dataTransfer?.files
    event.preventDefault()
    area.classList.remove('seret')
    if (files === undefined || files.length === 0) return
    input.files = files
    input.dispatchEvent(new Event('change', { bubbles: true }))
  })
}

// A file dropped beside the field must not make the browser leave the page with everything typed so far.
for (const kind of ['dragover', 'drop']) addEventListener(kind, (event) => event.preventDefault())

export {}
