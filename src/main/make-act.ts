import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { armourSignedAct } from '../declaration/act-armour.ts'
import { generateAlias, parseAliasWords } from '../declaration/alias.ts'
import { answerChallenge, encodeAuthorship } from '../declaration/authorship.ts'
import { buildAct, keptOpening } from '../declaration/build-act.ts'
import { DeclarationError } from '../declaration/error.ts'
import { parseKeptOpenings } from '../declaration/kept-openings.ts'
import type { ActView, Wish, WishKind } from '../declaration/possible-acts.ts'
import {
  parseReceipt,
  type ReceiptSecrets,
  receiptSecrets,
  receiptToDigits,
  receiptToWords,
} from '../declaration/receipt.ts'
import { encodeSignedAct, type SignedAct } from '../declaration/signed-act.ts'
import { fromUtf8 } from '../encoding/bytes.ts'
import { wordlistOf, wordlists } from '../intake/channels/web/wordlists.ts'
import { unarmourAgeFile } from '../sealing/age-armour.ts'
import { openWithSeed, sealToSeed } from '../sealing/seed-file.ts'
import { LATEST_FILE, LATEST_MAX_BYTES, parseLatest } from '../verify/latest.ts'
import { findByAuthor, readDeclaration } from '../verify/read-declaration.ts'
import { readRequired } from '../verify/read-file.ts'
import { nativeEd25519Verify } from './native-ed25519.ts'
import { openFolder } from './verify-folder.ts'
import { openSite } from './verify-site.ts'
import { clock, random, sha256 } from './world.ts'

const CHECKPOINT_MAX_BYTES = 64 * 1024

export type ActAsked = {
  readonly kind: WishKind | 'prove' | 'open-name'
  readonly site: string
  readonly receipt: string
  readonly kept: Uint8Array
  /** Which declaration; null searches the log for the one the kept file belongs to. */
  readonly index: number | null
  readonly when: SignedAct['when']
  readonly orgs: readonly string[]
  readonly register: string
  readonly language: string
  readonly verifier: string
  readonly nonce: string
}

export type MadeAct = {
  readonly text: string
  /** A new receipt in words and digits, with `rekey`. */
  readonly heir: string | null
}

/** Static files, the kept file and the receipt are enough. Throws what any of them is refused by. */
export async function makeAct(asked: ActAsked): Promise<MadeAct> {
  const receipt = receiptSecrets(parseReceipt(asked.receipt, wordlists))
  const kept = parseKeptOpenings(await openWithSeed(receipt.ageSeed, unarmourAgeFile(asked.kept)))
  const { origin, view } = await readView(asked, kept)
  if (asked.kind === 'prove' || asked.kind === 'open-name') {
    return { text: answer(asked, { origin, view, receipt, kept }), heir: null }
  }
  const heir = asked.kind === 'rekey' ? random(16) : null
  const wish = await wishOf(asked, asked.kind, heir)
  const request = { origin, view, receipt, kept, wish, when: asked.when }
  const built = await buildAct(request, { sha256, random, sealToSeed })
  if (built.outcome === 'impossible') {
    throw new DeclarationError('act_refused', `the declaration does not allow it: ${built.why}`)
  }
  return {
    text: armourSignedAct(encodeSignedAct(built.act)),
    heir: heir === null ? null : inWords(heir),
  }
}

async function readView(asked: ActAsked, kept: ReturnType<typeof parseKeptOpenings>) {
  const source = /^https?:\/\//.test(asked.site)
    ? openSite(asked.site)
    : await openFolder(asked.site)
  const { read } = source
  const note = await readRequired(read, 'log/declarations/checkpoint', CHECKPOINT_MAX_BYTES)
  const [origin = ''] = fromUtf8(note).split('\n')
  const pair = parseLatest(await readRequired(read, LATEST_FILE, LATEST_MAX_BYTES))
  const options = { read, pair, origin, sha256, ed25519Verify: nativeEd25519Verify }
  const index = asked.index ?? (await findByAuthor(kept, options))
  const { state } = await readDeclaration(index, options)
  const { leaf, leafHash, seq, withdrawn, confirmed } = state
  return { origin, view: { index, leaf, leafHash, seq, waiting: 0, withdrawn, confirmed } }
}

async function wishOf(asked: ActAsked, kind: WishKind, heir: Uint8Array | null): Promise<Wish> {
  if (kind === 'rekey') return { kind, receipt: heir ?? random(16) }
  if (kind === 'organisations') return { kind, orgs: asked.orgs }
  if (kind !== 'alias') return { kind }
  const words = new URL(`../../registers/${basename(asked.register)}/alias.json`, import.meta.url)
  const material = parseAliasWords(await readFile(words, 'utf8'))
  return { kind, alias: generateAlias(material, asked.language, random) }
}

function answer(
  asked: ActAsked,
  request: {
    readonly origin: string
    readonly view: ActView
    readonly receipt: ReceiptSecrets
    readonly kept: ReturnType<typeof parseKeptOpenings>
  },
): string {
  const { verifier, nonce, kind } = asked
  const name = kind === 'open-name' ? keptOpening(request, 'name', sha256) : null
  if (name === undefined) throw new DeclarationError('act_refused', 'no name is kept')
  const challenge = { verifier, nonce, day: clock().toISOString().slice(0, 10) }
  return fromUtf8(encodeAuthorship(answerChallenge({ ...request, challenge, name })))
}

function inWords(receipt: Uint8Array): string {
  const digits = receiptToDigits(receipt).join(' ')
  return `${receiptToWords(receipt, wordlistOf('en')).join(' ')}\n${digits}`
}
