import { fromBase64 } from '../encoding/base64.ts'
import { utf8 } from '../encoding/bytes.ts'
import { EVIDENCE, KEY_ORIGINS } from './evidence.ts'
import { BASE64_32_BYTES, HEX_16_BYTES, HEX_32_BYTES, ID, whole } from './grammar.ts'
import type { Shape } from './json-shape.ts'
import {
  boolean,
  checkedText,
  integer,
  listOf,
  nullable,
  object,
  oneOf,
  text,
} from './json-shape.ts'
import type { Proposal, ProposedDeclaration } from './proposal.ts'
import {
  CLAIMED_MAX,
  organisationsShape,
  SUBMISSION_MAX_PERSONS,
  statementShape,
} from './submission.ts'
import { checkLine, NAME_MAX_CHARS } from './text.ts'
import { parseAbout } from './values.ts'

/** Envelopes can be joined into one case, so a case may hold more persons than one submission. */
export const CASE_MAX_PERSONS = 10 * SUBMISSION_MAX_PERSONS
/** An age file around 256 KiB of kept openings: the longest text with its encodings has room. */
const SEALED_MAX_CHARS = 512 * 1024

const id = text(32, whole(ID))
const bytes32 = text(44, whole(BASE64_32_BYTES))
const hex16 = text(32, whole(HEX_16_BYTES))
const hex32 = text(64, whole(HEX_32_BYTES))
export const registerName = text(255, /^[a-z0-9][a-z0-9.:/_-]*$/)

const declarationShape: Shape<ProposedDeclaration> = object({
  person: integer(0, CASE_MAX_PERSONS - 1),
  orgs: organisationsShape(),
  evidence: oneOf(EVIDENCE),
  key: oneOf(KEY_ORIGINS),
  shown: object({ name: boolean, text: boolean }),
  body: nullable(object({ commitment: bytes32, salt: nullable(bytes32) })),
  name: nullable(
    object({
      commitment: bytes32,
      salt: nullable(bytes32),
      value: nullable(checkedText((name) => checkLine(name, NAME_MAX_CHARS))),
    }),
  ),
  about: listOf(
    object({
      commitment: bytes32,
      salt: bytes32,
      value: checkedText((value) => {
        parseAbout(utf8(value))
      }),
    }),
    4,
    4,
  ),
  few: boolean,
  author: object({ commitment: bytes32 }),
  sealed: nullable(
    // Decoded when the batch is published: what cannot be would stop the log after its indices are given.
    checkedText((sealed) => {
      if (sealed.length === 0 || sealed.length > SEALED_MAX_CHARS) throw new RangeError('length')
      fromBase64(sealed)
    }),
  ),
  lookup: nullable(hex32),
  bulletin: boolean,
  broadcast: boolean,
})

export const proposalShape: Shape<Proposal> = object({
  format: oneOf(['avow/proposal/v1']),
  register: registerName,
  form: hex32,
  case: hex16,
  centre: id,
  claimed: integer(0, CLAIMED_MAX),
  keptOut: listOf(object({ reason: id, count: integer(1, CASE_MAX_PERSONS) }), 0, 32),
  statements: listOf(
    object({
      id: hex16,
      text: nullable(statementShape),
      declarations: listOf(declarationShape, 1, CASE_MAX_PERSONS),
    }),
    0,
    CASE_MAX_PERSONS,
  ),
})
