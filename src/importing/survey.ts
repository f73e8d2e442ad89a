import type { ImportedStatement } from '../register/import-part.ts'
import type { MappedStatement } from './map-statement.ts'

/** An archive of millions of lines may spell one thing in thousands of ways. */
const PROSE_KEPT_MAX = 50_000
const PROSE_LISTED_MAX = 50
const SAMPLES = 10
const SAMPLE_CHARS = 300

/** What is in an archive, for those who sign that it may be imported. */
export type Survey = {
  readonly format: 'avow/import-survey/v1'
  readonly statements: number
  readonly persons: number
  /** Bare further persons, who make no declarations. */
  readonly claimed: number
  /** Statements that speak for another number of persons than they name. */
  readonly mismatches: number
  /** Statements that are equal to an earlier one in every respect. */
  readonly repeats: number
  /** Statements by language; declarations by the organisations they leave. */
  readonly languages: Counts
  readonly organisations: Counts
  /** Declarations whose words for organisations are not known, and the commonest of these words. */
  readonly unknown: number
  readonly unknownProse: readonly { readonly written: string; readonly declarations: number }[]
  readonly samples: readonly SurveySample[]
}

type Counts = { readonly [id: string]: number }

export type SurveySample = {
  readonly line: number
  readonly language: string
  /** Its beginning. */
  readonly text: string
  readonly listed: number
  readonly claimed: number
  readonly first: ImportedStatement['declarations'][number] | null
}

/** Counts what passes, in constant memory. */
export class Surveyor {
  readonly #languages = new Map<string, number>()
  readonly #organisations = new Map<string, number>()
  readonly #prose = new Map<string, number>()
  readonly #samples: { readonly draw: string; readonly sample: SurveySample }[] = []
  #statements = 0
  #persons = 0
  #claimed = 0
  #mismatches = 0
  #repeats = 0
  #unknown = 0

  /** `digest` is the statement's own: it draws the samples, so that nobody can arrange the file around them. */
  add(mapped: MappedStatement, repeat: number, line: number, digest: string): void {
    const { statement, unknownProse, isMismatch } = mapped
    const { declarations, claimed, language } = statement
    this.#statements++
    this.#persons += declarations.length
    this.#claimed += claimed
    if (isMismatch) this.#mismatches++
    if (repeat > 0) this.#repeats++
    countOne(this.#languages, language)
    for (const { orgs } of declarations) countOne(this.#organisations, orgs.join(','))
    this.#unknown += unknownProse.length
    for (const written of unknownProse) {
      if (this.#prose.size < PROSE_KEPT_MAX || this.#prose.has(written)) {
        countOne(this.#prose, written)
      }
    }
    this.#drawSample(statement, line, digest)
  }

  get counts() {
    return {
      statements: this.#statements,
      persons: this.#persons,
      claimed: this.#claimed,
      mismatches: this.#mismatches,
    }
  }

  survey(): Survey {
    const commonest = [...this.#prose].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    return {
      format: 'avow/import-survey/v1',
      ...this.counts,
      repeats: this.#repeats,
      languages: Object.fromEntries([...this.#languages].toSorted()),
      organisations: Object.fromEntries([...this.#organisations].toSorted()),
      unknown: this.#unknown,
      unknownProse: commonest
        .slice(0, PROSE_LISTED_MAX)
        .map(([written, declarations]) => ({ written, declarations })),
      samples: this.#samples.map(({ sample }) => sample).toSorted((a, b) => a.line - b.line),
    }
  }

  #drawSample(statement: MappedStatement['statement'], line: number, draw: string): void {
    const last = this.#samples.at(-1)
    if (this.#samples.length === SAMPLES && last !== undefined && draw >= last.draw) return
    const { language, text, claimed, declarations } = statement
    this.#samples.push({
      draw,
      sample: {
        line,
        language,
        text: [...text].slice(0, SAMPLE_CHARS).join(''),
        listed: declarations.length,
        claimed,
        first: declarations[0] ?? null,
      },
    })
    this.#samples.sort((a, b) => (a.draw < b.draw ? -1 : 1))
    if (this.#samples.length > SAMPLES) this.#samples.pop()
  }
}

function countOne(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
