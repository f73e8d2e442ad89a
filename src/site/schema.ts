import type { Migration } from '../postgres/migrate.ts'

/** The site reads register files. Its role exists so that search can be granted published rows and nothing else. */
export const migrations: readonly Migration[] = []
