import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Hono } from 'hono'
import type { FormDefinition } from '../../src/declaration/form-definition.ts'
import { createSite, type Site } from '../../src/site/site.ts'
import { createAssets } from '../../src/ui/assets.ts'
import { TINY_FORM, TinyRegister } from './tiny-register.ts'

const REGISTER_FOLDER = fileURLToPath(new URL('../../registers/quit-ccp', import.meta.url))

/** A site over a public folder of its own, under a clock that tests move. */
export interface SiteHouse extends AsyncDisposable {
  readonly publicFolder: string
  readonly site: Site
  /** The site as main mounts it. */
  readonly app: Hono
  clockAt: Date
  readonly get: (path: string, headers?: Readonly<Record<string, string>>) => Promise<Response>
  /** Writes the register's files over those in the folder, and renders. */
  readonly publish: (register: TinyRegister) => Promise<void>
}

export async function openSiteHouse(
  options: { readonly sample?: boolean; readonly form?: FormDefinition } = {},
): Promise<SiteHouse> {
  const folder = await mkdtemp(join(tmpdir(), 'avow-site-'))
  const publicFolder = join(folder, 'public')
  const assets = await createAssets()
  const app = new Hono()
  const house: SiteHouse = {
    publicFolder,
    app,
    clockAt: new Date('2026-11-22T10:20:30Z'),
    site: await createSite({
      publicFolder,
      scratchFolder: join(folder, 'staging'),
      registerFolder: REGISTER_FOLDER,
      form: options.form ?? TINY_FORM,
      sample: options.sample ?? true,
      assets,
      clock: () => house.clockAt,
    }),
    get: async (path, headers = {}) => app.request(path, { headers }),
    async publish(register) {
      await register.writeTo(publicFolder)
      await house.site.render()
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
  app.route('/', assets.routes)
  app.route('/', house.site.routes)
  app.notFound((c) => house.site.notFound(c))
  return house
}

const EVIDENCE = ['self', 'consented', 'relayed', 'legacy', 'in-person'] as const
const ORGANISATIONS = [['club'], ['club', 'league'], ['unstated'], ['other']] as const

/** Some of every kind of declaration, published on three days. Synthetic. */
export async function variedRegister(size: number): Promise<TinyRegister> {
  // The form is published before the declarations that name it.
  const register = await new TinyRegister().publish('2026-10-29')
  const days = ['2026-10-30', '2026-11-02', '2026-11-22']
  let next = 0
  for (const [i, day] of days.entries()) {
    const end = i === days.length - 1 ? size : Math.floor((size * (i + 1)) / days.length)
    for (; next < end; next++) register.declare(person(next))
    await register.publish(day)
  }
  return register
}

function person(i: number) {
  const evidence = EVIDENCE[i % EVIDENCE.length] ?? 'self'
  const own = { kind: 'own', language: 'zh-hans', text: `示例文字 ${i}` } as const
  const standard = { kind: 'standard', language: 'en', id: 'plain' } as const
  return {
    orgs: ORGANISATIONS[i % ORGANISATIONS.length] ?? ['club'],
    evidence,
    key: (['own', 'served', 'handed'] as const)[i % 3] ?? 'own',
    ...(i % 3 === 0 ? { text: own } : i % 3 === 1 ? { text: standard } : {}),
    ...(i % 2 === 0 ? { name: `Sample ${i}` } : {}),
    ...(i % 5 === 0 ? { hidden: ['name'] as const } : {}),
    about: i % 4 === 0 ? { sector: 'teaching', region: 'north' } : {},
  }
}
