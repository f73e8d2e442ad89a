import { createHash } from 'node:crypto'
import { type CentreList, parseCentreList } from '../declaration/centre-list.ts'
import type { FormDefinition } from '../declaration/form-definition.ts'
import type { ActTrust } from '../declaration/leaf-state.ts'
import { type Ed25519Verify, nobleEd25519 } from '../tlog/ed25519.ts'
import type { Sha256 } from '../tlog/hash.ts'
import type { Pair } from '../verify/latest.ts'
import { type DeclarationView, readViews } from './declaration-view.ts'
import { EventIndex } from './event-index.ts'
import { CENTRES_FILE, RegisterFiles } from './register-files.ts'
import { type RegisterSummary, readOrigin, readSummary } from './summary.ts'

export interface RegisterViewOptions {
  readonly publicFolder: string
  readonly clock: () => Date
  /** The newest form, known before its first declaration is. */
  readonly form: FormDefinition
  /** A faster one than the portable one, by the same rules. */
  readonly ed25519Verify?: Ed25519Verify
}

/** What pages read: one published pair at a time, from any copy of the public folder. */
export class RegisterView {
  readonly #options: RegisterViewOptions
  readonly #files: RegisterFiles
  readonly #events: EventIndex

  constructor(options: RegisterViewOptions) {
    this.#options = options
    this.#files = new RegisterFiles(options)
    this.#events = new EventIndex(this.#files)
  }

  /** Undefined before the first publication. */
  findPair(): Promise<Pair | undefined> {
    return this.#files.findLatest()
  }

  async readSummary(pair: Pair): Promise<RegisterSummary> {
    await this.#events.update(pair.events.size)
    const { clock, form } = this.#options
    return readSummary({ files: this.#files, apart: this.#events.keptApart(), clock, form }, pair)
  }

  /** What was published of the centres; an empty list before anything was. */
  async readCentres(): Promise<CentreList> {
    const bytes = await this.#files.findFile(CENTRES_FILE)
    return bytes === undefined ? { format: 'avow/centres/v1', centres: [] } : parseCentreList(bytes)
  }

  /** The entries [from, to), newest first. */
  async readViews(pair: Pair, from: number, to: number): Promise<readonly DeclarationView[]> {
    await this.#events.update(pair.events.size)
    const origin = await readOrigin(this.#files, 'declarations', pair)
    const { ed25519Verify = nobleEd25519.verify } = this.#options
    const trust: ActTrust = { origin, sha256, ed25519Verify }
    const sources = { files: this.#files, events: this.#events, trust }
    return readViews(sources, pair.declarations.size, from, to)
  }

  /** Looks at every moving file again before its next use. */
  forget(): void {
    this.#files.forget()
  }
}

const sha256: Sha256 = (bytes) => createHash('sha256').update(bytes).digest()
