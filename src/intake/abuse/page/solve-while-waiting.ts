import { sha256 } from '@noble/hashes/sha2.js'
import { solvePuzzle } from '../puzzle.ts'

// The waiting page's own script: it does the work its page asks for and presses "Send". Everything it needs is on the page.

const note = document.getElementById('work')
const state = document.querySelector<HTMLInputElement>('input[name=state]')
const send = document.querySelector<HTMLButtonElement>('#send')
const form = send?.form

if (note !== null && state !== null && send !== null && form) {
  const bits = Number(note.dataset['bits'])
  note.hidden = false
  void solve(state.value, bits).then((solution) => {
    const field = document.createElement('input')
    field.type = 'hidden'
    field.name = 'work'
    field.value = solution
    form.append(field)
    form.requestSubmit(send)
  })
}

/** A pause between the slices keeps the page alive, its links and buttons too. */
async function solve(subject: string, bits: number): Promise<string> {
  const slices = solvePuzzle(subject, bits, sha256)
  for (;;) {
    const { done, value } = slices.next()
    if (done) return value
    await new Promise((resolve) => setTimeout(resolve, 0))
  }
}
