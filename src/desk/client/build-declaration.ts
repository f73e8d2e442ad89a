import { sha256 } from '@noble/hashes/sha2.js'
import {
  type CommittedField,
  commit,
  newSalt,
  type Opening,
  type Salt,
} from '../../declaration/commitment.ts'
import type { KeptOpenings } from '../../declaration/kept-openings.ts'
import { aboutVariants } from '../../declaration/minimum-group.ts'
import type { ProposedDeclaration } from '../../declaration/proposal.ts'
import type { Submission, SubmittedPerson } from '../../declaration/submission.ts'
import {
  type About,
  encodeAbout,
  encodeAuthor,
  encodeBody,
  encodeName,
  type StatementText,
} from '../../declaration/values.ts'
import { fromBase64, toBase64 } from '../../encoding/base64.ts'
import { fromUtf8 } from '../../encoding/bytes.ts'
import type { DraftPerson } from './case-draft.ts'

/** One person of one statement: what came in, and what the draft makes of it. */
export interface DeclarationPart {
  readonly person: number
  readonly text: StatementText
  readonly draft: DraftPerson
  readonly from: SubmittedPerson
  readonly submission: Submission
}

/** One salt for each field and rung; the name's is drawn even where there is no name. */
export interface DeclarationSalts {
  readonly body: Salt
  readonly name: Salt
  readonly author: Salt
  readonly about: readonly Salt[]
}

export function drawSalts(random: (length: number) => Uint8Array): DeclarationSalts {
  const draw = () => newSalt(random)
  return { body: draw(), name: draw(), author: draw(), about: [draw(), draw(), draw(), draw()] }
}

/**
 * A declaration is a function of what came in, the draft and its salts, so that the decider's browser can
 * make it again and compare. `authorKey` is the receipt's; without a receipt a random one.
 */
export function buildDeclaration(
  part: DeclarationPart,
  salts: DeclarationSalts,
  authorKey: Uint8Array,
): { readonly declaration: Omit<ProposedDeclaration, 'sealed'>; readonly kept: KeptOpenings } {
  const { person, text, draft, from, submission } = part
  const body: Opening = { salt: salts.body, value: encodeBody(text) }
  const name = draft.name === null ? null : { salt: salts.name, value: encodeName(draft.name) }
  const author: Opening = { salt: salts.author, value: encodeAuthor(authorKey) }
  const { showName, showText } = draft
  const declaration = {
    person,
    orgs: draft.organisations,
    evidence: draft.evidence,
    key: from.key,
    shown: { name: showName, text: showText },
    body: {
      commitment: committed('body', body),
      salt: showText ? toBase64(body.salt) : null,
    },
    name:
      name === null
        ? null
        : {
            commitment: committed('name', name),
            salt: showName ? toBase64(name.salt) : null,
            value: showName ? draft.name : null,
          },
    about: aboutVariants(aboutOf(draft, from, submission)).map((variant, level) => {
      const opening = { salt: saltAt(salts, level), value: encodeAbout(variant) }
      return {
        commitment: committed('about', opening),
        salt: toBase64(opening.salt),
        value: fromUtf8(opening.value),
      }
    }),
    few: from.consents.few,
    author: { commitment: committed('author', author) },
    lookup: from.receipt?.lookup ?? null,
    bulletin: from.consents.bulletin,
    broadcast: from.consents.broadcast,
  }
  return {
    declaration,
    kept: { author, body: showText ? null : body, name: showName ? null : name },
  }
}

/** The author key that the receipt's holder proves later, if there is a receipt. */
export function authorKeyOf({ receipt }: SubmittedPerson): Uint8Array | undefined {
  return receipt === null ? undefined : fromBase64(receipt.author)
}

function aboutOf(draft: DraftPerson, from: SubmittedPerson, submission: Submission): About {
  const { sector, standing, position, region, voice, claimedDay } = draft
  return {
    language: submission.statement.language,
    ...(sector === null ? {} : { sector }),
    ...(standing === null ? {} : { standing }),
    ...(position === null ? {} : { position }),
    ...(region === null ? {} : { region }),
    voice,
    channel: submission.channel,
    ...(claimedDay === null ? {} : { claimedDay }),
    few: from.consents.few,
  }
}

function saltAt({ about }: DeclarationSalts, level: number): Salt {
  const salt = about[level]
  if (salt === undefined) throw new RangeError(`no salt for rung ${level}`)
  return salt
}

function committed(field: CommittedField, { salt, value }: Opening): string {
  return toBase64(commit(field, salt, value, sha256))
}
