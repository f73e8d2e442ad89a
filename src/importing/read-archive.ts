import { createHash, hash } from 'node:crypto'
import type { ReadArchiveLine } from './archive-statement.ts'
import { ImportError } from './error.ts'
import {
  type FindOrganisations,
  type MappedStatement,
  type MapStatement,
  statementMapper,
} from './map-statement.ts'
import { PartMaker } from './part-maker.ts'
import { type FileLine, readLines } from './read-lines.ts'
import { RepeatCounter } from './repeat-counter.ts'
import { Surveyor } from './survey.ts'

/** Lines that are refused one by one; a file with more has another fault than its lines. */
const REFUSALS_MAX = 20

export type ArchiveForm = {
  readonly read: ReadArchiveLine
  readonly findOrganisations: FindOrganisations
}

export type ReadArchive = {
  /** SHA-256 of the file, in hex. */
  readonly file: string
  readonly surveyor: Surveyor
}

/**
 * Reads an archive from its first byte to its last and hands over its parts in order. Lines that do not read are
 * collected and thrown together, so that a file is put in order once; after the first nothing is handed over any more.
 */
export async function readArchive(
  pieces: AsyncIterable<Uint8Array>,
  form: ArchiveForm,
  onPart: (part: Uint8Array, index: number) => Promise<void>,
): Promise<ReadArchive> {
  const fileHash = createHash('sha256')
  const surveyor = new Surveyor()
  const repeats = new RepeatCounter()
  const parts = new PartMaker()
  const map = statementMapper(form.findOrganisations)
  const refusals: ImportError[] = []
  let index = 0
  for await (const line of readLines(hashed(pieces, fileHash))) {
    const mapped = readStatement(line, form.read, map)
    if (mapped instanceof ImportError) {
      refusals.push(mapped)
      if (refusals.length === REFUSALS_MAX) break
      continue
    }
    const { source } = mapped
    const repeat = repeats.next(source)
    surveyor.add(mapped, repeat, line.number, source)
    const part = parts.add({ source, repeat, ...mapped.statement })
    if (part !== undefined && refusals.length === 0) await onPart(part, index++)
  }
  throwRefusals(refusals)
  const last = parts.end()
  if (last !== undefined) await onPart(last, index)
  return { file: fileHash.digest('hex'), surveyor }
}

async function* hashed(
  pieces: AsyncIterable<Uint8Array>,
  fileHash: { update(piece: Uint8Array): unknown },
): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    fileHash.update(piece)
    yield piece
  }
}

function readStatement(
  line: FileLine,
  read: ReadArchiveLine,
  map: MapStatement,
): (MappedStatement & { readonly source: string }) | ImportError {
  try {
    const archived = read(line)
    // As it was read, before any table gave its words a meaning: the reader always builds the same members in the same order.
    return { ...map(archived), source: hash('sha256', JSON.stringify(archived)) }
  } catch (error) {
    if (error instanceof ImportError) return error
    throw error
  }
}

function throwRefusals(refusals: readonly ImportError[]): void {
  const [first, ...others] = refusals
  if (first === undefined) return
  if (others.length === 0) throw first
  throw new ImportError('bad_lines', refusals.map(({ message }) => message).join('\n'), first.line)
}
