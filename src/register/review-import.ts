import { createHmac } from 'node:crypto'
import { commit, commitmentOf, newSalt } from '../declaration/commitment.ts'
import { formatContentLine } from '../declaration/content.ts'
import { ladderOf } from '../declaration/minimum-group.ts'
import { encodeBody, encodeName, formatAbout } from '../declaration/values.ts'
import { toBase64 } from '../encoding/base64.ts'
import { fromUtf8, utf8 } from '../encoding/bytes.ts'
import { toHex } from '../encoding/hex.ts'
import { openWith } from '../sealing/age.ts'
import { unpad } from '../sealing/padding.ts'
import type { Sha256 } from '../tlog/hash.ts'
import { closePublishedItems, refuseItem, type WaitingItem } from './approved-item-store.ts'
import { RegisterError } from './error.ts'
import { type FormIds, requireKnownAbout, requireKnownOrganisations } from './form-ids.ts'
import { findImported, findManifest, markImported } from './import-item-store.ts'
import { type ManifestTrust, verifyManifest } from './import-manifest.ts'
import {
  type ImportedDeclaration,
  type ImportedStatement,
  parseImportItem,
  parseImportPart,
} from './import-part.ts'
import { refusalCode } from './review-items.ts'
import type { ReadyDeclaration, ReviewedItem } from './reviewed-item.ts'
import type { RegisterDatabase } from './tables.ts'

export type ImportTrust = ManifestTrust & {
  readonly formIds: FormIds
  readonly identity: string
  /** Keys the hashes by which a statement is known again. */
  readonly secret: Uint8Array
  readonly random: (length: number) => Uint8Array
}

/** A part whose manifest two key holders signed, less what is in the register already. */
export type ReviewedPart = ReviewedItem & {
  readonly manifest: string
  readonly file: string
  readonly mismatches: number
}

/** The next parts of one archive that hold something new. What has nothing new is closed, what is not right is refused. */
export async function reviewImports(
  db: RegisterDatabase,
  waiting: readonly WaitingItem[],
  day: string,
  trust: ImportTrust,
): Promise<readonly ReviewedPart[]> {
  const reviewed: ReviewedPart[] = []
  const taken = new Set<string>()
  for (const item of waiting) {
    try {
      const part = await reviewImport(db, item, trust)
      const keys = part.importKeys.map(toHex)
      if (part.declarations.length === 0) await closeEmptyPart(db, part)
      // A part that shares a statement with one before it waits until that is known to be in the register.
      else if (!keys.some((key) => taken.has(key))) reviewed.push(part)
      for (const key of keys) taken.add(key)
    } catch (error) {
      await refuseItem(db, item, refusalCode(error), day)
    }
  }
  // The event of a batch names one manifest; parts of others wait for theirs.
  return reviewed.filter(({ manifest }) => manifest === reviewed[0]?.manifest)
}

async function closeEmptyPart(db: RegisterDatabase, part: ReviewedPart): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await markImported(tx, part.importKeys)
    await closePublishedItems(tx, [part.caseId])
  })
}

/**
 * Opens and verifies one part of an archive. Throws RegisterError `bad_import`, DeclarationError or SealingError for a
 * part that is not what the key holders signed or does not fit the form.
 */
async function reviewImport(
  db: RegisterDatabase,
  item: WaitingItem,
  trust: ImportTrust,
): Promise<ReviewedPart> {
  const opened = parseImportItem(unpad(await openWith([trust.identity], item.sealed)))
  const signed = await findManifest(db, opened.manifest)
  if (signed === undefined) throw new RegisterError('bad_import', 'its manifest is not filed')
  if (verifyManifest(signed, trust) !== opened.manifest) {
    throw new RegisterError('bad_import', 'the manifest is filed under another hash')
  }
  if (toHex(trust.sha256(opened.bytes)) !== signed.manifest.parts[opened.part]) {
    throw new RegisterError('bad_import', 'not the part that the manifest names')
  }
  const keyed = parseImportPart(opened.bytes).statements.map((statement) => ({
    statement,
    key: statementKey(statement, trust.secret),
  }))
  if (new Set(keyed.map(({ key }) => toHex(key))).size < keyed.length) {
    throw new RegisterError('bad_import', 'one statement stands in it twice')
  }
  const known = await findImported(
    db,
    keyed.map(({ key }) => key),
  )
  const fresh = keyed.filter(({ key }) => !known.has(key.toString('hex')))
  const statements = fresh.map(({ statement }) => readyStatement(statement, trust))
  return {
    caseId: item.caseId,
    manifest: opened.manifest,
    file: signed.manifest.file,
    mismatches: fresh.filter(({ statement }) => statement.claimed > 0).length,
    form: trust.formHash,
    claimed: fresh.reduce((sum, { statement }) => sum + statement.claimed, 0),
    keptOut: [],
    approval: null,
    statements: fresh.length,
    importKeys: fresh.map(({ key }) => key),
    texts: statements.map(({ text }) => text),
    declarations: statements.flatMap(({ declarations }) => declarations),
  }
}

function readyStatement({ language, text, declarations }: ImportedStatement, trust: ImportTrust) {
  const id = toHex(trust.random(16))
  const body = encodeBody({ kind: 'own', language, text })
  return {
    text: { id, body: fromUtf8(body) },
    declarations: declarations.map((each) => readyDeclaration(id, body, each, trust)),
  }
}

/** An archive has no receipts, and whoever kept it published it: name and text are shown as they were. */
function readyDeclaration(
  statement: string,
  body: Uint8Array,
  { name, orgs, about }: ImportedDeclaration,
  { random, sha256, formHash, formIds }: ImportTrust,
): ReadyDeclaration {
  const ladder = ladderOf(about)
  const [finest] = ladder
  requireKnownAbout(finest, formIds)
  requireKnownOrganisations(orgs, formIds)
  if (finest.few || finest.channel !== 'import') {
    throw new RegisterError('bad_import', 'an archive consents to nothing and has one channel')
  }
  return {
    statement,
    ladder,
    few: false,
    kept: null,
    textId: statement,
    approved: null,
    write: ({ index, day, level }) => {
      const written = formatAbout(ladder[level])
      const shownAbout = shownPart('about', utf8(written), random, sha256)
      const shownName =
        name === null ? undefined : shownPart('name', encodeName(name), random, sha256)
      const shownBody = shownPart('body', body, random, sha256)
      return {
        leaf: {
          form: formHash,
          day,
          orgs,
          evidence: 'legacy',
          key: '-',
          shown: { name: shownName !== undefined, text: true },
          body: shownBody.commitment,
          ...(shownName === undefined ? {} : { name: shownName.commitment }),
          about: shownAbout.commitment,
          // Nobody holds a key: 32 random bytes look like the commitment to one.
          author: commitmentOf(random(32)),
        },
        line: formatContentLine({
          index,
          body: { kind: 'own', salt: shownBody.salt, textId: statement },
          ...(shownName === undefined || name === null
            ? {}
            : { name: { salt: shownName.salt, value: name } }),
          about: { salt: shownAbout.salt, value: written },
        }),
      }
    },
  }
}

function shownPart(
  field: 'body' | 'name' | 'about',
  value: Uint8Array,
  random: (length: number) => Uint8Array,
  sha256: Sha256,
) {
  const salt = newSalt(random)
  return { salt: toBase64(salt), commitment: commit(field, salt, value, sha256) }
}

/** A keyed hash of where it comes from and how often it stood there before: its words may be erased one day. */
function statementKey({ source, repeat }: ImportedStatement, secret: Uint8Array): Buffer {
  return createHmac('sha256', secret)
    .update(`avow/imported-statement/v1\0${source} ${repeat}`)
    .digest()
}
