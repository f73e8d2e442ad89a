/** Takes what stands behind the command's name, returns the exit code: 0 fine, 1 finding, 2 usage. */
export type Command = (args: readonly string[]) => Promise<number>

export interface CommandEntry {
  readonly summary: string
  /** Loaded when called, so that verifying a folder needs neither database nor web server. */
  readonly load: () => Promise<Command>
}

export const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  start: {
    summary: 'run the whole service until Ctrl-C (as npm start)',
    load: async () => (await import('./start-command.ts')).startCommand,
  },
  demo: {
    summary: 'run a sample register with made-up declarations (as npm run demo)',
    load: async () => (await import('./demo-command.ts')).demoCommand,
  },
  import: {
    summary: 'import an archive of earlier declarations, once two key holders signed its manifest',
    load: async () => (await import('./import-command.ts')).importCommand,
  },
  'import-sign': {
    summary: 'sign the manifest of an archive as a key holder',
    load: async () => (await import('./import-sign-command.ts')).importSignCommand,
  },
  'audit-check': {
    summary: 'follow the chain of what the desk did, and name the first row that was changed',
    load: async () => (await import('./audit-check-command.ts')).auditCheckCommand,
  },
  doctor: {
    summary: 'look at the machine: memory on disk, database settings, secrets, disk reserve',
    load: async () => (await import('./doctor-command.ts')).doctorCommand,
  },
  centres: {
    summary: 'make a table of centres public, with its map and its event',
    load: async () => (await import('./centres-command.ts')).centresCommand,
  },
  drill: {
    summary: 'rehearse a seizure: plant made-up statements, cut the power, read the disk',
    load: async () => (await import('./drill-command.ts')).drillCommand,
  },
  fsck: {
    summary: 'compare the database with the served files and the checkpoints',
    load: async () => (await import('./fsck-command.ts')).fsckCommand,
  },
  act: {
    summary: 'sign an act with a receipt, from static files alone; works offline',
    load: async () => (await import('./act-command.ts')).actCommand,
  },
  backup: {
    summary: 'write a sealed and verified backup of this register',
    load: async () => (await import('./backup-command.ts')).backupCommand,
  },
  restore: {
    summary:
      'put a backup back and verify it; withdrawals and erasures made since are replayed first',
    load: async () => (await import('./restore-command.ts')).restoreCommand,
  },
  rebuild: {
    summary: 'continue from a copy of the public files when a disk is lost',
    load: async () => (await import('./rebuild-command.ts')).rebuildCommand,
  },
  erase: {
    summary: 'finish erasures: nothing of what was taken back stays in the database files',
    load: async () => (await import('./erase-command.ts')).eraseCommand,
  },
  verify: {
    summary: 'check a site, a folder or a proof against a policy; needs no database',
    load: async () => (await import('./verify-command.ts')).verifyCommand,
  },
  'offline-form': {
    summary: 'write the form as one signed file that works without a network',
    load: async () => (await import('./offline-form-command.ts')).offlineFormCommand,
  },
  'partner-page': {
    summary: 'write the form as a folder for another web site, which never sees what is typed',
    load: async () => (await import('./partner-page-command.ts')).partnerPageCommand,
  },
  'verify-file': {
    summary: 'write the checker as one file that works from a disk or a stick',
    load: async () => (await import('./verify-file-command.ts')).verifyFileCommand,
  },
  proof: {
    summary: 'write the proof of one declaration, for its holder to show',
    load: async () => (await import('./proof-command.ts')).proofCommand,
  },
  witness: {
    summary: 'cosign the checkpoints of other logs, for partner organisations',
    load: async () => (await import('./witness-command.ts')).witnessCommand,
  },
}
