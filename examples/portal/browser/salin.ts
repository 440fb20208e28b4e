// Copy buttons of the assisted AMS page. Without a clipboard the text is selected instead.
for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-salin]')) {
  button.addEventListener('click', () => {
    const code = button.previousElementSibling
    navigator.clipboard.writeText(button.dataset['salin'] ?? '').then(
      () => {
        button.textContent = 'Tersalin'
        setTimeout(() => { button.textContent = 'Salin' }, 2_000)
      },
      () => { if (code !== null) getSelection()?.selectAllChildren(code) },
    )
  })
}

export {}
