import type { About } from '../declaration/values.ts'
import type { ArchiveDeclarant, ArchiveStatement } from './archive-statement.ts'
import { findOrganisations, type OrganisationProse } from './organisation-prose.ts'

/** What the register can take of an archive's statement: everybody it names, and how many more it only counts. */
export type ImportStatement = {
  readonly text: string
  readonly language: string
  readonly claimed: number
  readonly declarations: readonly ImportDeclaration[]
}

export type ImportDeclaration = {
  readonly name: string | null
  readonly organisations: readonly string[]
  readonly about: About
}

export type ReadStatement = {
  readonly statement: ImportStatement
  /** Words for organisations that the register's table does not know; their declarations say `unstated`. */
  readonly unknownProse: readonly string[]
  /** The statement speaks for another number of persons than it names. */
  readonly isMismatch: boolean
}

export function toImportStatement(
  archive: ArchiveStatement,
  table: OrganisationProse,
): ReadStatement {
  const unknownProse: string[] = []
  const declarations = archive.declarants.map((declarant) => {
    const organisations = organisationsOf(declarant, table)
    if (organisations === undefined) unknownProse.push(String(declarant.organisations))
    return {
      name: declarant.name,
      organisations: organisations ?? ['unstated'],
      about: aboutOf(archive, declarant),
    }
  })
  const listed = declarations.length
  const persons = archive.persons ?? listed
  return {
    statement: {
      text: archive.text,
      language: archive.language,
      claimed: Math.max(0, persons - listed),
      declarations,
    },
    unknownProse,
    isMismatch: persons !== listed,
  }
}

function organisationsOf(
  { organisations }: ArchiveDeclarant,
  table: OrganisationProse,
): readonly string[] | undefined {
  if (typeof organisations === 'string') {
    return organisations === '' ? ['unstated'] : findOrganisations(organisations, table)
  }
  return organisations.length === 0 ? ['unstated'] : organisations
}

/** `few` is a consent that nobody gave to an old system: rare posts and places fold like everybody's. */
function aboutOf(archive: ArchiveStatement, declarant: ArchiveDeclarant): About {
  const { sector, standing, position, region } = declarant
  return {
    language: archive.language,
    ...(sector === null ? {} : { sector }),
    ...(standing === null ? {} : { standing }),
    ...(position === null ? {} : { position }),
    ...(region === null ? {} : { region }),
    voice: archive.voice,
    channel: 'import',
    ...(archive.date === null ? {} : { claimedDay: archive.date }),
    few: false,
  }
}
