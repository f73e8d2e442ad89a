import type { Migration } from '../postgres/migrate.ts'

/**
 * The directory is public and signed, so its rows are trusted only after `verifyDirectory`.
 * Accounts hold a hash of the login proof and an age file; neither opens anything by itself.
 */
export const migrations: readonly Migration[] = [
  {
    id: 'centres-001',
    sql: `
CREATE TABLE avow.directory_change (
  seq integer PRIMARY KEY CHECK (seq >= 0),
  body text NOT NULL CHECK (octet_length(body) <= 8192),
  signature text NOT NULL CHECK (octet_length(signature) <= 128)
);
CREATE TABLE avow.invitation (
  lookup_hash bytea PRIMARY KEY CHECK (octet_length(lookup_hash) = 32),
  sealed bytea NOT NULL,
  day date NOT NULL
);
CREATE TABLE avow.account (
  volunteer text PRIMARY KEY,
  centre text NOT NULL,
  login_hash bytea NOT NULL CHECK (octet_length(login_hash) = 32),
  keyring bytea NOT NULL CHECK (octet_length(keyring) <= 1048576),
  failures integer NOT NULL DEFAULT 0
);
GRANT SELECT ON avow.directory_change TO avow_intake, avow_desk, avow_publisher;
GRANT INSERT ON avow.directory_change TO avow_desk;
GRANT SELECT, DELETE ON avow.invitation TO avow_desk;
GRANT INSERT ON avow.invitation TO avow_desk;
GRANT SELECT, INSERT, UPDATE ON avow.account TO avow_desk;
`,
  },
]
