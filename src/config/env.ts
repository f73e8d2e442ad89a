/** Every environment variable Avow reads, once. `help` is what `avow --help` prints. */
export const ENVIRONMENT = {
  AVOW_PORT: 'port of the web server (8080)',
  AVOW_HOST: 'address it listens on (127.0.0.1)',
  AVOW_PUBLIC_URL: 'how people reach it, for invitation links (http://127.0.0.1:<port>)',
  AVOW_DATA: 'data folder (./data)',
  AVOW_SECRETS: 'folder of keys and passwords, outside the data folder (./secrets)',
  AVOW_CONFIG: 'configuration file (./avow.json; need not exist)',
  AVOW_ORIGIN: 'name of the register, fixed at first start (localhost/<register id>)',
  AVOW_REGISTER: 'folder under registers/, or a path (quit-ccp)',
  DATABASE_URL: 'owner of a PostgreSQL 15 or newer, instead of the embedded server',
  AVOW_INTAKE_DATABASE_URL: 'the intake role, where DATABASE_URL may not make roles',
  AVOW_DESK_DATABASE_URL: 'the desk role, likewise',
  AVOW_PUBLISHER_DATABASE_URL: 'the publisher role, likewise',
  AVOW_SITE_DATABASE_URL: 'the site role, likewise',
} as const

export type Environment = { readonly [name in keyof typeof ENVIRONMENT]?: string }

/** Takes our variables out of the process's environment; an empty one counts as absent. */
export function readEnv(source: NodeJS.ProcessEnv): Environment {
  const names = Object.keys(ENVIRONMENT)
  return Object.fromEntries(names.flatMap((name) => (source[name] ? [[name, source[name]]] : [])))
}
