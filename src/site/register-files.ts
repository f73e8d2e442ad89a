import {
  BUNDLE_WIDTH,
  CONTENT_LINE_MAX_BYTES,
  type ContentLine,
  contentPath,
  parseContentFile,
} from '../declaration/content.ts'
import {
  FORM_MAX_CHARS,
  type FormDefinition,
  parseFormDefinition,
} from '../declaration/form-definition.ts'
import { BODY_MAX_BYTES, parseBody, type StatementText } from '../declaration/values.ts'
import { fromUtf8 } from '../encoding/bytes.ts'
import { MAX_NOTE_BYTES } from '../tlog/signed-note.ts'
import { entriesPath, parseEntryBundle, TILE_WIDTH } from '../tlog/tile.ts'
import {
  LATEST_FILE,
  LATEST_MAX_BYTES,
  type LogName,
  type Pair,
  parseLatest,
} from '../verify/latest.ts'
import type { COUNT_FILE } from './count-file.ts'
import { ParsedFiles } from './parsed-files.ts'
import { SiteError } from './site-error.ts'

export interface RegisterFilesOptions {
  readonly publicFolder: string
  readonly clock: () => Date
  readonly recheckMs?: number
}

export const TALLY_FILE = 'log/tally'
export const POLICY_FILE = 'log/policy'
export const CENTRES_FILE = 'log/centres'
const ENTRY_BUNDLE_MAX_BYTES = TILE_WIDTH * (2 + 0xffff)
const PLAIN_MAX_BYTES = 64 * 1024 * 1024

/**
 * The register as any copy of the public folder holds it. Nothing is verified here: pages show what the
 * files say, and whoever doubts them runs the verifier over the same files.
 */
export class RegisterFiles {
  readonly folder: string
  readonly #latest: ParsedFiles<Pair>
  readonly #bundles: ParsedFiles<readonly Uint8Array[]>
  readonly #content: ParsedFiles<ReadonlyMap<number, ContentLine>>
  readonly #texts: ParsedFiles<StatementText>
  readonly #forms: ParsedFiles<FormDefinition>
  readonly #notes: ParsedFiles<Uint8Array>
  readonly #plain: ParsedFiles<Uint8Array>

  constructor({ publicFolder, ...timing }: RegisterFilesOptions) {
    const common = { folder: publicFolder, ...timing }
    const immutable = { ...common, immutable: true } as const
    this.folder = publicFolder
    this.#latest = new ParsedFiles({ ...common, parse: parseLatest, maxBytes: LATEST_MAX_BYTES })
    this.#bundles = new ParsedFiles({
      ...immutable,
      parse: parseEntryBundle,
      maxBytes: ENTRY_BUNDLE_MAX_BYTES,
    })
    this.#content = new ParsedFiles({
      ...common,
      parse: parseContent,
      maxBytes: BUNDLE_WIDTH * CONTENT_LINE_MAX_BYTES,
    })
    this.#texts = new ParsedFiles({ ...common, parse: parseBody, maxBytes: BODY_MAX_BYTES })
    this.#forms = new ParsedFiles({ ...immutable, parse: parseForm, maxBytes: 4 * FORM_MAX_CHARS })
    this.#notes = new ParsedFiles({ ...immutable, parse: asIs, maxBytes: MAX_NOTE_BYTES })
    this.#plain = new ParsedFiles({ ...common, parse: asIs, maxBytes: PLAIN_MAX_BYTES })
  }

  /** Undefined before the first publication. */
  findLatest(): Promise<Pair | undefined> {
    return this.#latest.read(LATEST_FILE)
  }

  /** The entries [from, to) of a log of `size` entries. A file that the size promises and is not there throws. */
  async readEntries(
    log: LogName,
    size: number,
    from: number,
    to: number,
  ): Promise<readonly Uint8Array[]> {
    const entries: Uint8Array[] = []
    for (let next = from; next < Math.min(to, size); ) {
      const bundle = Math.floor(next / TILE_WIDTH)
      const start = bundle * TILE_WIDTH
      const end = Math.min(start + TILE_WIDTH, to, size)
      const all = await this.#readBundle(log, bundle, Math.min(TILE_WIDTH, size - start))
      entries.push(...all.slice(next - start, end - start))
      next = end
    }
    return entries
  }

  /** The visible parts of one declaration; undefined when none is. */
  async findContent(index: number): Promise<ContentLine | undefined> {
    const lines = await this.#content.read(contentPath(Math.floor(index / BUNDLE_WIDTH)))
    return lines?.get(index)
  }

  findText(textId: string): Promise<StatementText | undefined> {
    return this.#texts.read(`content/texts/${textId}`)
  }

  findForm(formHash: string): Promise<FormDefinition | undefined> {
    return this.#forms.read(`log/forms/${formHash}.json`)
  }

  /** The archived, cosigned checkpoint of a size. */
  findCheckpoint(log: LogName, size: number): Promise<Uint8Array | undefined> {
    return this.#notes.read(`log/checkpoints/${log}/${size}`)
  }

  /** A whole moving file. */
  findFile(
    path: typeof TALLY_FILE | typeof POLICY_FILE | typeof COUNT_FILE | typeof CENTRES_FILE,
  ): Promise<Uint8Array | undefined> {
    return this.#plain.read(path)
  }

  /** Looks at every moving file again before its next use. */
  forget(): void {
    for (const files of [this.#latest, this.#content, this.#texts, this.#plain]) files.forget()
  }

  // A partial bundle may be gone once its full one exists; the full one then holds the same entries and more.
  async #readBundle(log: LogName, bundle: number, width: number): Promise<readonly Uint8Array[]> {
    const path = `log/${log}/${entriesPath(bundle, width)}`
    const entries =
      (await this.#bundles.read(path)) ??
      (await this.#bundles.read(`log/${log}/${entriesPath(bundle)}`))
    if (entries === undefined || entries.length < width) {
      throw new SiteError('register_incomplete', `${path} is not there or too short`)
    }
    return entries
  }
}

function parseContent(bytes: Uint8Array, path: string): ReadonlyMap<number, ContentLine> {
  const bundle = Number(path.replaceAll(/\D/g, ''))
  return new Map(parseContentFile(bytes, bundle).map((line) => [line.index, line]))
}

function parseForm(bytes: Uint8Array): FormDefinition {
  return parseFormDefinition(fromUtf8(bytes))
}

function asIs(bytes: Uint8Array): Uint8Array {
  return bytes
}
