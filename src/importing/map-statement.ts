import { type About, encodeAbout } from '../declaration/values.ts'
import { fromUtf8 } from '../encoding/bytes.ts'
import type { ImportedStatement } from '../register/import-part.ts'
import type { ArchiveDeclarant, ArchiveStatement } from './archive-statement.ts'

/** The organisations that an archive's words name, or undefined where the register does not know. */
export type FindOrganisations = (prose: string) => readonly string[] | undefined

/** What an archive's statement means in the register's words. */
export type MappedStatement = {
  readonly statement: Omit<ImportedStatement, 'source' | 'repeat'>
  /** Words for organisations that the register does not know; their declarations say `unstated`. */
  readonly unknownProse: readonly string[]
  /** It speaks for another number of persons than it names. */
  readonly isMismatch: boolean
}

export type MapStatement = (archive: ArchiveStatement) => MappedStatement

/** Abouts that were written once are remembered up to this many: sectors and regions come by the thousand. */
const ABOUTS_REMEMBERED = 50_000

export function statementMapper(findOrganisations: FindOrganisations): MapStatement {
  const writeAbout = aboutWriter()
  return (archive) => {
    const unknownProse: string[] = []
    const declarations = archive.declarants.map((declarant) => {
      const orgs = organisationsOf(declarant, findOrganisations)
      if (orgs === undefined) unknownProse.push(String(declarant.organisations))
      return {
        name: declarant.name,
        orgs: orgs ?? ['unstated'],
        about: writeAbout(archive, declarant),
      }
    })
    const listed = declarations.length
    const persons = archive.persons ?? listed
    return {
      statement: {
        language: archive.language,
        text: archive.text,
        claimed: Math.max(0, persons - listed),
        declarations,
      },
      unknownProse,
      isMismatch: persons !== listed,
    }
  }
}

function organisationsOf(
  { organisations }: ArchiveDeclarant,
  findOrganisations: FindOrganisations,
): readonly string[] | undefined {
  if (organisations.length === 0) return ['unstated']
  return typeof organisations === 'string' ? findOrganisations(organisations) : organisations
}

function aboutWriter(): (archive: ArchiveStatement, declarant: ArchiveDeclarant) => string {
  const known = new Map<string, string>()
  return (archive, declarant) => {
    const { language, voice, date } = archive
    const { sector, standing, position, region } = declarant
    const key = [language, voice, date, sector, standing, region, position].join('\n')
    const before = known.get(key)
    if (before !== undefined) return before
    const about = fromUtf8(encodeAbout(aboutOf(archive, declarant)))
    if (known.size < ABOUTS_REMEMBERED) known.set(key, about)
    return about
  }
}

/** `few` is a consent that nobody gave to an old system: rare posts and places fold like everybody's. */
function aboutOf(
  { language, voice, date }: ArchiveStatement,
  { sector, standing, position, region }: ArchiveDeclarant,
): About {
  return {
    language,
    ...(sector === null ? {} : { sector }),
    ...(standing === null ? {} : { standing }),
    ...(position === null ? {} : { position }),
    ...(region === null ? {} : { region }),
    voice,
    channel: 'import',
    ...(date === null ? {} : { claimedDay: date }),
    few: false,
  }
}
