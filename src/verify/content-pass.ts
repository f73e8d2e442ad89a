import { contentPath } from '../declaration/content.ts'
import { createContentReader } from './content-reader.ts'
import { createOpeningCheck } from './opening-check.ts'
import type { PartRules } from './part-rules.ts'
import { createTextReader } from './text-reader.ts'
import type { Trust } from './trust.ts'
import { CONTENT_MAX_BYTES, type OpenedParts, verifyContent } from './verify-content.ts'

/** The content side of a pass over the declarations: fetched along with the leaves, checked when their rules are known. */
export type ContentPass = {
  readonly readAhead: (bundleIndex: number) => void
  /** Takes the rules of the next declaration. */
  readonly addRules: (rules: PartRules) => void
  /** Checks the bundle whose rules were added since the last one. */
  readonly verifyBundle: (bundleIndex: number) => Promise<void>
  readonly openedParts: () => OpenedParts
  readonly isReferencedText: (textId: string) => boolean
}

export function startContentPass({ read, sha256 }: Pick<Trust, 'read' | 'sha256'>): ContentPass {
  const ahead = new Map<number, Promise<Uint8Array | undefined>>()
  const texts = createTextReader(read)
  const fetch = (bundleIndex: number) => read(contentPath(bundleIndex), CONTENT_MAX_BYTES)
  const tools = {
    readContent: createContentReader(),
    texts,
    checkOpening: createOpeningCheck(sha256),
  }
  const rules: PartRules[] = []
  let opened: OpenedParts = { body: 0, name: 0, about: 0 }
  return {
    readAhead: (bundleIndex) => {
      const bytes = fetch(bundleIndex)
      // Whoever stops at an earlier finding does not await it any more.
      bytes.catch(() => undefined)
      ahead.set(bundleIndex, bytes)
    },
    addRules: (ofDeclaration) => rules.push(ofDeclaration),
    verifyBundle: async (bundleIndex) => {
      const bytes = await (ahead.get(bundleIndex) ?? fetch(bundleIndex))
      ahead.delete(bundleIndex)
      const { body, name, about } = await verifyContent(bundleIndex, bytes, rules.splice(0), tools)
      opened = {
        body: opened.body + body,
        name: opened.name + name,
        about: opened.about + about,
      }
    },
    openedParts: () => opened,
    isReferencedText: texts.wasRead,
  }
}
