import { approvalLines } from '../../src/declaration/approval.ts'
import { commit, commitmentOf, newSalt } from '../../src/declaration/commitment.ts'
import { formatContentLine } from '../../src/declaration/content.ts'
import type { Leaf } from '../../src/declaration/leaf.ts'
import { ladderOf } from '../../src/declaration/minimum-group.ts'
import { formatAbout } from '../../src/declaration/values.ts'
import { toBase64 } from '../../src/encoding/base64.ts'
import { utf8 } from '../../src/encoding/bytes.ts'
import { toHex } from '../../src/encoding/hex.ts'
import { random, sha256 } from '../../src/main/world.ts'
import type {
  ItemApproval,
  ReadyDeclaration,
  ReviewedItem,
} from '../../src/register/reviewed-item.ts'
import { treeHash } from '../../src/tlog/hash.ts'

/** The register it replaces has 13.6 persons in a statement. */
const PERSONS_IN_STATEMENT = 13.6
const SECTORS = ['army', 'police', 'education', 'others']

/** Reviewed items of `size` declarations, as the publisher has them before step 1: every opening fits. */
export function madeItems(form: string, size: number): ReviewedItem[] {
  const statements = Math.max(1, Math.round(size / PERSONS_IN_STATEMENT))
  return Array.from({ length: statements }, (_, i) => {
    const textId = toHex(random(16))
    const body = `own en\n${textId} ${'I leave the organisations named here. '.repeat(8)}.`
    const first = Math.floor((i * size) / statements)
    const persons = Math.floor(((i + 1) * size) / statements) - first
    return {
      caseId: random(16),
      form,
      claimed: 0,
      keptOut: [],
      importKeys: [],
      approval: approval(textId, persons),
      statements: 1,
      texts: [{ id: textId, body }],
      declarations: Array.from({ length: persons }, (_unused, person) =>
        declaration(form, textId, utf8(body), { turn: first + person, place: person }),
      ),
    }
  })
}

/** As long as what is kept of two approvals. */
function approval(id: string, persons: number): ItemApproval {
  const signed = { by: `volunteer-${id.slice(0, 8)}`, signature: `${'A'.repeat(86)}==` }
  const signatures = {
    proposedBy: signed.by,
    proposedSignature: signed.signature,
    approvedBy: signed.by,
    approvedSignature: signed.signature,
  }
  return {
    lines: approvalLines(`${id}${id}`, signatures),
    proposal: {
      form: `${id}${id}`,
      centre: 'global',
      frame: `${id}${id}`,
      declarations: Array.from({ length: persons }, () => treeHash(random(32))),
      ...signatures,
    },
  }
}

function declaration(
  form: string,
  textId: string,
  body: Uint8Array,
  { turn, place }: { readonly turn: number; readonly place: number },
): ReadyDeclaration {
  const sector = SECTORS[turn % SECTORS.length]
  const ladder = ladderOf(`lang en\nsector ${sector}\nvoice own\nchannel web\n`)
  const name = `Sample Person ${turn}`
  const salts = { body: newSalt(random), name: newSalt(random), about: newSalt(random) }
  const leaf: Omit<Leaf, 'day' | 'about'> = {
    form,
    orgs: turn % 3 === 0 ? ['party'] : ['league', 'pioneers'],
    evidence: 'self',
    key: 'own',
    shown: { name: true, text: true },
    body: commit('body', salts.body, body, sha256),
    name: commit('name', salts.name, utf8(name), sha256),
    author: commitmentOf(random(32)),
  }
  // Both are made before, as the deciding volunteer makes them.
  const abouts = ladder.map((about) => {
    const value = formatAbout(about)
    return { value, commitment: commit('about', salts.about, utf8(value), sha256) }
  })
  const spelled = {
    body: toBase64(salts.body),
    name: toBase64(salts.name),
    about: toBase64(salts.about),
  }
  return {
    statement: textId,
    ladder,
    few: false,
    kept: null,
    textId,
    approved: { place, whole: random(32), about: abouts.map(({ commitment }) => commitment) },
    write: ({ index, day, level }) => {
      const about = abouts[level]
      if (about === undefined) throw new RangeError('no such level')
      return {
        leaf: { ...leaf, about: about.commitment, day },
        line: formatContentLine({
          index,
          body: { kind: 'own', salt: spelled.body, textId },
          name: { salt: spelled.name, value: name },
          about: { salt: spelled.about, value: about.value },
        }),
      }
    },
  }
}
