import { HEX_32_BYTES, whole } from '../declaration/grammar.ts'
import {
  checkedText,
  integer,
  listOf,
  nullable,
  object,
  oneOf,
  parseJson,
  text,
} from '../declaration/json-shape.ts'
import { ladderOf } from '../declaration/minimum-group.ts'
import { CLAIMED_MAX, organisationsShape } from '../declaration/submission.ts'
import { checkLine, checkText, NAME_MAX_CHARS } from '../declaration/text.ts'
import { fromUtf8, utf8 } from '../encoding/bytes.ts'
import { RegisterError } from './error.ts'

export const PART_MAX_STATEMENTS = 500
export const PART_MAX_BYTES = 16 * 1024 * 1024
const PERSONS_MAX = 2000

/** Statements of an archive as the publisher gets them; everything in it will be public. */
export type ImportPart = {
  readonly format: 'avow/import-part/v1'
  readonly statements: readonly ImportedStatement[]
}

export type ImportedStatement = {
  /** SHA-256 of the statement as the archive has it, in hex: it is known again by this, however it was mapped. */
  readonly source: string
  readonly language: string
  readonly text: string
  readonly claimed: number
  /** How many statements of the same source stand before it in the archive: the same again is not the same one twice. */
  readonly repeat: number
  readonly declarations: readonly ImportedDeclaration[]
}

export type ImportedDeclaration = {
  readonly name: string | null
  readonly orgs: readonly string[]
  /** Canonical about lines, unfolded: the publisher applies the minimum group. */
  readonly about: string
}

const partShape = object({
  format: oneOf(['avow/import-part/v1']),
  statements: listOf(
    object({
      source: text(64, whole(HEX_32_BYTES)),
      language: text(35),
      text: checkedText(checkText),
      claimed: integer(0, CLAIMED_MAX),
      repeat: integer(0, Number.MAX_SAFE_INTEGER),
      declarations: listOf(
        object({
          name: nullable(checkedText((name) => checkLine(name, NAME_MAX_CHARS))),
          orgs: organisationsShape(),
          about: checkedText((about) => {
            ladderOf(about)
          }),
        }),
        0,
        PERSONS_MAX,
      ),
    }),
    1,
    PART_MAX_STATEMENTS,
  ),
})

export function encodeImportPart(part: ImportPart): Uint8Array {
  const bytes = utf8(JSON.stringify(part))
  if (bytes.length > PART_MAX_BYTES) throw new RegisterError('bad_import', 'the part is too large')
  return bytes
}

/** Throws DeclarationError `bad_proposal`, or `bad_import`. The bytes are those whose hash the manifest names. */
export function parseImportPart(bytes: Uint8Array): ImportPart {
  if (bytes.length > PART_MAX_BYTES) throw new RegisterError('bad_import', 'the part is too large')
  return parseJson(fromUtf8(bytes), partShape, 'bad_proposal')
}

/** What is sealed: which part of which manifest, then the part itself. */
export type ImportItem = {
  readonly manifest: string
  readonly part: number
  readonly bytes: Uint8Array
}

const HEAD = new RegExp(`^avow/import-item/v1 (${HEX_32_BYTES}) (0|[1-9]\\d{0,5})$`)
const HEAD_MAX_BYTES = 128

export function encodeImportItem({ manifest, part, bytes }: ImportItem): Uint8Array {
  return Buffer.concat([utf8(`avow/import-item/v1 ${manifest} ${part}\n`), bytes])
}

export function parseImportItem(item: Uint8Array): ImportItem {
  const end = item.subarray(0, HEAD_MAX_BYTES).indexOf(0x0a)
  const [, manifest, part] = HEAD.exec(Buffer.from(item.subarray(0, end)).toString('latin1')) ?? []
  if (end < 0 || manifest === undefined || part === undefined) {
    throw new RegisterError('bad_import', 'not an import item')
  }
  return { manifest, part: Number(part), bytes: item.subarray(end + 1) }
}
