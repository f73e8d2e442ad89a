import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Kysely } from 'kysely'
import type { Product } from '../../test/support/product.ts'
import { openAsOwner } from './bare-server.ts'

/** The product's own database, past all of its roles. */
export async function openProductDatabase({ folder }: Product): Promise<Kysely<unknown>> {
  const password = await readFile(join(folder, 'secrets/database-owner'), 'utf8')
  return openAsOwner(join(folder, 'data/postgres'), password.trim(), 'avow')
}
