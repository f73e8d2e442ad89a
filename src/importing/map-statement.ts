import { encodeAbout } from '../declaration/values.ts'
import { fromUtf8 } from '../encoding/bytes.ts'
import type { ImportedStatement } from '../register/import-part.ts'
import type { ArchiveDeclarant, ArchiveStatement } from './archive-statement.ts'

/** The organisations that an archive's words name, or undefined where the register does not know. */
export type FindOrganisations = (prose: string) => readonly string[] | undefined

/** What an archive's statement means in the register's words. */
export type MappedStatement = {
  readonly statement: Omit<ImportedStatement, 'repeat'>
  /** Words for organisations that the register does not know; their declarations say `unstated`. */
  readonly unknownProse: readonly string[]
  /** It speaks for another number of persons than it names. */
  readonly isMismatch: boolean
}

export function mapStatement(
  archive: ArchiveStatement,
  findOrganisations: FindOrganisations,
): MappedStatement {
  const unknownProse: string[] = []
  const declarations = archive.declarants.map((declarant) => {
    const orgs = organisationsOf(declarant, findOrganisations)
    if (orgs === undefined) unknownProse.push(String(declarant.organisations))
    return { name: declarant.name, orgs: orgs ?? ['unstated'], about: aboutOf(archive, declarant) }
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

function organisationsOf(
  { organisations }: ArchiveDeclarant,
  findOrganisations: FindOrganisations,
): readonly string[] | undefined {
  if (organisations.length === 0) return ['unstated']
  return typeof organisations === 'string' ? findOrganisations(organisations) : organisations
}

/** `few` is a consent that nobody gave to an old system: rare posts and places fold like everybody's. */
function aboutOf(archive: ArchiveStatement, declarant: ArchiveDeclarant): string {
  const { sector, standing, position, region } = declarant
  const about = encodeAbout({
    language: archive.language,
    ...(sector === null ? {} : { sector }),
    ...(standing === null ? {} : { standing }),
    ...(position === null ? {} : { position }),
    ...(region === null ? {} : { region }),
    voice: archive.voice,
    channel: 'import',
    ...(archive.date === null ? {} : { claimedDay: archive.date }),
    few: false,
  })
  return fromUtf8(about)
}
