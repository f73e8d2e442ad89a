import { commit } from '../../src/declaration/commitment.ts'
import { aboutVariants } from '../../src/declaration/minimum-group.ts'
import type { Proposal, ProposedDeclaration } from '../../src/declaration/proposal.ts'
import {
  type About,
  encodeAbout,
  encodeBody,
  encodeName,
  type StatementText,
} from '../../src/declaration/values.ts'
import { toBase64 } from '../../src/encoding/base64.ts'
import { fromUtf8 } from '../../src/encoding/bytes.ts'
import { toHex } from '../../src/encoding/hex.ts'
import { bytesFrom, commitmentFrom, saltFrom, sha256 } from './declaration-examples.ts'

const TEXT: StatementText = { kind: 'own', language: 'zh-hans', text: '我退出。\n这是合成的例子。' }
const ABOUT: About = {
  language: 'zh-hans',
  sector: 'education',
  standing: 'retired',
  position: '教师',
  region: 'cn-sichuan',
  voice: 'own',
  channel: 'web',
  few: false,
}

/** A statement of three: text and name shown; text shown, name kept; a receipt declined and nothing shown. */
export function exampleProposal(): Proposal {
  return {
    format: 'avow/proposal/v1',
    register: 'localhost/quit-ccp',
    form: 'ab'.repeat(32),
    case: toHex(bytesFrom('case')).slice(0, 32),
    centre: 'centre-north',
    claimed: 111,
    keptOut: [{ reason: 'absent', count: 2 }],
    statements: [
      {
        id: toHex(bytesFrom('statement')).slice(0, 32),
        text: TEXT,
        declarations: [
          exampleDeclaration(0, { text: TEXT, name: '晨曦山谷白鹭 482135' }),
          exampleDeclaration(1, { text: TEXT, keptName: '李明' }),
          { ...exampleDeclaration(2, {}), sealed: null, lookup: null },
        ],
      },
    ],
  }
}

export function exampleDeclaration(
  person: number,
  show: { readonly text?: StatementText; readonly name?: string; readonly keptName?: string },
  about: About = ABOUT,
): ProposedDeclaration {
  const salt = (field: string) => saltFrom(`${field} ${person}`)
  const { text, name, keptName } = show
  const written = name ?? keptName
  return {
    person,
    orgs: ['league', 'pioneers'],
    evidence: 'self',
    key: 'own',
    shown: { name: name !== undefined, text: text !== undefined },
    body: {
      commitment: toBase64(
        text === undefined
          ? commitmentFrom(`kept body ${person}`)
          : commit('body', salt('body'), encodeBody(text), sha256),
      ),
      salt: text === undefined ? null : toBase64(salt('body')),
    },
    name:
      written === undefined
        ? null
        : {
            commitment: toBase64(commit('name', salt('name'), encodeName(written), sha256)),
            salt: name === undefined ? null : toBase64(salt('name')),
            value: name ?? null,
          },
    about: aboutVariants(about).map((variant, level) => {
      const value = encodeAbout(variant)
      const aboutSalt = salt(`about ${level}`)
      return {
        commitment: toBase64(commit('about', aboutSalt, value, sha256)),
        salt: toBase64(aboutSalt),
        value: fromUtf8(value),
      }
    }),
    few: about.few,
    author: { commitment: toBase64(commitmentFrom(`author ${person}`)) },
    sealed: toBase64(bytesFrom(`sealed ${person}`)),
    lookup: toHex(bytesFrom(`lookup ${person}`)),
    bulletin: false,
    broadcast: false,
  }
}
