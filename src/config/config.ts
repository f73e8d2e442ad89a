import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  type ActTiming,
  actTimingOf,
  type FormDefinition,
  formHash,
  parseFormDefinition,
} from '../declaration/form-definition.ts'
import { type ConfigFile, readConfigFile } from './config-file.ts'
import type { Environment } from './env.ts'
import { ConfigError } from './error.ts'
import type { IntakeConfig } from './intake-shape.ts'

export interface Config {
  readonly register: { readonly id: string; readonly folder: string }
  /** The register's name (AVOW_ORIGIN): part of both log origins, never derived from the address people use. */
  readonly name: string
  readonly host: string
  readonly port: number
  readonly publicUrl: string
  readonly dataFolder: string
  readonly publicFolder: string
  readonly stagingFolder: string
  readonly secretsFolder: string
  readonly form: FormDefinition
  readonly formHash: string
  readonly notBefore: NotBefore
  readonly acts: ActTiming
  readonly pace: 'development' | 'production'
  readonly sample: boolean
  /** Other operators' witnesses; undefined until there are any. */
  readonly witnesses: ConfigFile['witnesses']
  readonly bucket: ConfigFile['bucket']
  readonly intake: IntakeConfig
  readonly database: DatabaseConfig
}

export interface NotBefore {
  readonly minHours: number
  readonly maxHours: number
  readonly minStatements: number
  readonly maxDays: number
}

export type DatabaseConfig =
  | { readonly kind: 'embedded'; readonly folder: string }
  | {
      readonly kind: 'external'
      readonly ownerUrl: string
      readonly roleUrls: { readonly [role: string]: string | undefined }
    }

const AT_ONCE: NotBefore = { minHours: 0, maxHours: 0, minStatements: 1, maxDays: 0 }
const ACTS_AT_ONCE: ActTiming = { minActs: 1, maxDays: 0, withdrawHours: 0 }
const REGISTERS = fileURLToPath(new URL('../../registers', import.meta.url))

export async function loadConfig(env: Environment): Promise<Config> {
  const file = await readConfigFile(resolve(env.AVOW_CONFIG ?? 'avow.json'))
  const folder = registerFolder(env.AVOW_REGISTER ?? file.register ?? 'quit-ccp')
  const id = basename(folder)
  const form = parseFormDefinition(await readFile(join(folder, 'form.json'), 'utf8'))
  const dataFolder = resolve(env.AVOW_DATA ?? 'data')
  const host = env.AVOW_HOST ?? '127.0.0.1'
  const port = parsePort(env.AVOW_PORT ?? '8080')
  const pace = file.pace ?? defaultPace(host, env.AVOW_PUBLIC_URL)
  return {
    register: { id, folder },
    name: await fixName(dataFolder, env.AVOW_ORIGIN ?? file.name, `localhost/${id}`),
    host,
    port,
    publicUrl: (env.AVOW_PUBLIC_URL ?? `http://${host}:${port}`).replace(/\/+$/, ''),
    dataFolder,
    publicFolder: join(dataFolder, 'public'),
    stagingFolder: join(dataFolder, 'staging'),
    secretsFolder: resolve(env.AVOW_SECRETS ?? 'secrets'),
    form,
    formHash: formHash(form, (bytes) => createHash('sha256').update(bytes).digest()),
    notBefore: pace === 'development' ? AT_ONCE : form.notBefore,
    acts: pace === 'development' ? ACTS_AT_ONCE : actTimingOf(form),
    pace,
    sample: file.sample ?? false,
    witnesses: file.witnesses,
    bucket: file.bucket,
    intake: file.intake,
    database: databaseConfig(env, dataFolder),
  }
}

/** Publishing at once betrays the hour of approval, so it is the default only where nobody but this machine can reach us. */
function defaultPace(host: string, publicUrl: string | undefined): Config['pace'] {
  const names = publicUrl === undefined ? [host] : [host, new URL(publicUrl).hostname]
  const isLocal = names.every((name) => /^(127(\.\d+){3}|localhost|\[?::1\]?)$/.test(name))
  return isLocal ? 'development' : 'production'
}

function registerFolder(name: string): string {
  const folder = name.includes('/') ? resolve(name) : join(REGISTERS, name)
  if (!existsSync(join(folder, 'form.json'))) {
    throw new ConfigError('no_register', `no form definition in ${folder}`)
  }
  return folder
}

/** The name is written at first start. Another one later would make another log out of the same files, so it is refused. */
async function fixName(dataFolder: string, asked: string | undefined, otherwise: string) {
  const path = join(dataFolder, 'name')
  if (!existsSync(path)) {
    const name = asked ?? otherwise
    await mkdir(dataFolder, { recursive: true, mode: 0o755 })
    await writeFile(path, `${name}\n`)
    return name
  }
  const fixed = (await readFile(path, 'utf8')).trim()
  if (asked !== undefined && asked !== fixed) {
    throw new ConfigError('name_changed', `this register is ${fixed} and cannot become ${asked}`)
  }
  return fixed
}

function parsePort(text: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new ConfigError('bad_variable', `AVOW_PORT is not a port: ${text}`)
  }
  return port
}

function databaseConfig(env: Environment, dataFolder: string): DatabaseConfig {
  if (env.DATABASE_URL === undefined) {
    return { kind: 'embedded', folder: join(dataFolder, 'postgres') }
  }
  return {
    kind: 'external',
    ownerUrl: env.DATABASE_URL,
    roleUrls: {
      avow_intake: env.AVOW_INTAKE_DATABASE_URL,
      avow_desk: env.AVOW_DESK_DATABASE_URL,
      avow_publisher: env.AVOW_PUBLISHER_DATABASE_URL,
      avow_site: env.AVOW_SITE_DATABASE_URL,
    },
  }
}
