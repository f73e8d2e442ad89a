import {
  encodeImportPart,
  type ImportedStatement,
  PART_MAX_STATEMENTS,
} from '../register/import-part.ts'

/** Four parts fill one batch of the publisher. */
const PART_PERSONS = 5000
const PART_TEXT_CHARS = 2 * 1024 * 1024

/** Collects statements into parts. The same statements make the same parts, however often the archive is read. */
export class PartMaker {
  #statements: ImportedStatement[] = []
  #persons = 0
  #chars = 0

  /** Returns the part that is complete without this statement, if there is one. */
  add(statement: ImportedStatement): Uint8Array | undefined {
    const persons = statement.declarations.length
    const chars = statement.text.length
    const isFull =
      this.#statements.length === PART_MAX_STATEMENTS ||
      this.#persons + persons > PART_PERSONS ||
      this.#chars + chars > PART_TEXT_CHARS
    const part = isFull ? this.end() : undefined
    this.#statements.push(statement)
    this.#persons += persons
    this.#chars += chars
    return part
  }

  /** The last part, unless nothing was added since the one before. */
  end(): Uint8Array | undefined {
    if (this.#statements.length === 0) return undefined
    const part = encodeImportPart({ format: 'avow/import-part/v1', statements: this.#statements })
    this.#statements = []
    this.#persons = 0
    this.#chars = 0
    return part
  }
}
