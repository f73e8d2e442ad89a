import { toBase64 } from '../../encoding/base64.ts'
import type { CaseDraft } from '../client/case-draft.ts'
import { sealForCentre } from '../client/centre-seal.ts'
import { encodeDraft } from '../client/draft-codec.ts'
import { DeskClientError } from '../client/error.ts'
import type { UnlockedDesk } from '../client/unlocked-desk.ts'

export type SaveState = 'quiet' | 'saving' | 'saved' | 'unsaved'

const QUIET_BEFORE_SAVE_MS = 1_500
const RETRY_MS = 5_000

/**
 * Saves drafts a moment after the last change. What cannot be sent is kept sealed, so that a lock forgets
 * the text and not the work: sealing needs the centre's public key only.
 */
export class DraftSaver {
  #desk: UnlockedDesk | undefined
  #unsealed: { readonly caseId: string; readonly draft: CaseDraft } | undefined
  readonly #sealed = new Map<string, string>()
  #timer: ReturnType<typeof setTimeout> | undefined
  #listener: (state: SaveState) => void = () => {}

  onState(listener: (state: SaveState) => void): void {
    this.#listener = listener
  }

  /** After every unlock; sends what an earlier lock left behind. */
  attach(desk: UnlockedDesk): void {
    this.#desk = desk
    if (this.#sealed.size > 0) void this.flush()
  }

  note(caseId: string, draft: CaseDraft): void {
    this.#unsealed = { caseId, draft }
    this.#listener('saving')
    this.#schedule(QUIET_BEFORE_SAVE_MS)
  }

  /** The case is out of these hands: its draft is nobody's concern any more. */
  forget(caseId: string): void {
    if (this.#unsealed?.caseId === caseId) this.#unsealed = undefined
    this.#sealed.delete(caseId)
    this.#listener('quiet')
  }

  /** Seals and sends at once. Resolves whether or not the service answers. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer)
    const desk = this.#desk
    if (desk === undefined) return
    await this.#seal(desk)
    for (const [caseId, sealed] of this.#sealed) {
      try {
        await desk.connection.post(`case/${caseId}/draft`, { sealed })
        if (this.#sealed.get(caseId) === sealed) this.#sealed.delete(caseId)
      } catch (error) {
        if (!isLost(error)) this.#sealed.delete(caseId)
      }
    }
    this.#listener(this.#sealed.size === 0 ? 'saved' : 'unsaved')
    if (this.#sealed.size > 0 && this.#desk !== undefined) this.#schedule(RETRY_MS)
  }

  /** Before the keys are forgotten: seals what is open, tries once to send it, lets go of the desk. */
  async detach(): Promise<void> {
    await this.flush()
    clearTimeout(this.#timer)
    this.#desk = undefined
  }

  async #seal(desk: UnlockedDesk): Promise<void> {
    const noted = this.#unsealed
    if (noted === undefined) return
    const sealed = toBase64(await sealForCentre(desk, encodeDraft(noted.draft)))
    // A change made while this was sealing stays noted for the next turn.
    if (this.#unsealed === noted) this.#unsealed = undefined
    this.#sealed.set(noted.caseId, sealed)
  }

  #schedule(ms: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.flush(), ms)
  }
}

/** Whether the same thing sent later could still arrive. */
function isLost(error: unknown): boolean {
  return (
    error instanceof DeskClientError && ['offline', 'locked', 'unavailable'].includes(error.code)
  )
}
