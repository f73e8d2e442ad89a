import { contentPath } from '../declaration/content.ts'
import { createContentReader } from './content-reader.ts'
import { VerifyError, type VerifyErrorCode } from './error.ts'
import { createOpeningCheck } from './opening-check.ts'
import { PARTS, type Part, type PartRules } from './part-rules.ts'
import { createTextReader } from './text-reader.ts'
import type { Trust } from './trust.ts'
import { CONTENT_MAX_BYTES, type OpenedParts, verifyContent } from './verify-content.ts'

/**
 * What content shows for a moment while a batch or an erasure is on its way: files are rewritten one by one, and an erasure
 * comes before its event. Only when it stays is it a finding.
 */
const PASSING = new Set<VerifyErrorCode>([
  'part_missing',
  'part_not_shown',
  'part_mismatch',
  'missing_file',
])
/** So many bundles at once do not change between two looks. */
const MAX_UNSETTLED = 65_536

/** The content side of passes over the declarations: fetched along with the leaves, checked when their rules are known. */
export class ContentPass {
  readonly #read: Trust['read']
  readonly #tools
  readonly #texts
  readonly #ahead = new Map<number, Promise<Uint8Array | undefined>>()
  readonly #opened = new OpenedCount()
  #rules: PartRules[] = []
  #olderRules: PartRules[] = []
  /** Parts that need not be shown and are, by index: body 1, name 2, about 4, added up. */
  readonly optionalShown = new Map<number, number>()
  /** What did not hold when it was looked at last, by bundle. */
  readonly unsettled = new Map<number, VerifyError>()

  constructor({ read, sha256 }: Pick<Trust, 'read' | 'sha256'>) {
    this.#read = read
    this.#texts = createTextReader(read)
    this.#tools = {
      readContent: createContentReader(),
      texts: this.#texts,
      checkOpening: createOpeningCheck(sha256),
      noteOptional: (index: number, part: Part) => {
        const parts = this.optionalShown.get(index) ?? 0
        this.optionalShown.set(index, parts | (1 << PARTS.indexOf(part)))
      },
    }
  }

  readAhead(bundleIndex: number): void {
    const bytes = this.#fetch(bundleIndex)
    // Whoever stops at an earlier finding does not await it any more.
    bytes.catch(() => undefined)
    this.#ahead.set(bundleIndex, bytes)
  }

  /** Takes the rules of the next declaration; `older`, where content may still be as another pair has it. */
  addRules(rules: PartRules, older?: PartRules): void {
    this.#rules.push(rules)
    if (older !== undefined) this.#olderRules.push(older)
  }

  /** Checks the bundle whose rules were added since the last one. */
  async verifyBundle(bundleIndex: number): Promise<void> {
    const bytes = await (this.#ahead.get(bundleIndex) ?? this.#fetch(bundleIndex))
    this.#ahead.delete(bundleIndex)
    const [rules, older] = [this.#rules, this.#olderRules]
    this.#rules = []
    this.#olderRules = []
    try {
      this.#opened.set(bundleIndex, await verifyContent(bundleIndex, bytes, rules, this.#tools))
      this.unsettled.delete(bundleIndex)
    } catch (finding) {
      if (!(finding instanceof VerifyError) || !PASSING.has(finding.code)) throw finding
      if (older.length > 0 && (await this.#holds(bundleIndex, bytes, older))) return
      if (this.unsettled.size === MAX_UNSETTLED) throw finding
      this.unsettled.set(bundleIndex, finding)
    }
  }

  pathOf(bundleIndex: number): string {
    return contentPath(bundleIndex)
  }

  openedParts(): OpenedParts {
    return this.#opened.sum()
  }

  isReferencedText(textId: string): boolean {
    return this.#texts.wasRead(textId)
  }

  async #holds(bundleIndex: number, bytes: Uint8Array | undefined, rules: readonly PartRules[]) {
    try {
      this.#opened.set(bundleIndex, await verifyContent(bundleIndex, bytes, rules, this.#tools))
      this.unsettled.delete(bundleIndex)
      return true
    } catch (finding) {
      if (finding instanceof VerifyError && PASSING.has(finding.code)) return false
      throw finding
    }
  }

  #fetch(bundleIndex: number): Promise<Uint8Array | undefined> {
    return this.#read(contentPath(bundleIndex), CONTENT_MAX_BYTES)
  }
}

/** Four bytes a bundle, so that a bundle looked at twice counts once. */
class OpenedCount {
  #bundles = new Uint32Array(64)
  #sum = { body: 0, name: 0, about: 0 }

  set(bundle: number, { body, name, about }: OpenedParts): void {
    if (bundle >= this.#bundles.length) {
      const grown = new Uint32Array(2 * Math.max(bundle, this.#bundles.length))
      grown.set(this.#bundles)
      this.#bundles = grown
    }
    const before = this.#bundles[bundle] ?? 0
    this.#sum = {
      body: this.#sum.body + body - (before & 0x1ff),
      name: this.#sum.name + name - ((before >> 9) & 0x1ff),
      about: this.#sum.about + about - ((before >> 18) & 0x1ff),
    }
    this.#bundles[bundle] = body | (name << 9) | (about << 18)
  }

  sum(): OpenedParts {
    return this.#sum
  }
}
