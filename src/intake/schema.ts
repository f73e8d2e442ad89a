import type { Migration } from '../postgres/migrate.ts'

/**
 * The intake role may insert and nothing else: `ON CONFLICT DO NOTHING` names no target, because naming one needs SELECT.
 * `sealed` is emptied when the case ends; the rest of the row stays as the clear columns product.md allows.
 */
export const migrations: readonly Migration[] = [
  {
    id: 'intake-001',
    sql: `
CREATE TABLE avow.epoch (
  id bytea PRIMARY KEY CHECK (octet_length(id) = 16),
  centre text NOT NULL,
  sealed_start bytea NOT NULL,
  day date NOT NULL
);
CREATE TABLE avow.envelope (
  id bytea PRIMARY KEY CHECK (octet_length(id) = 32),
  centre text NOT NULL,
  line text NOT NULL,
  channel text NOT NULL,
  language text NOT NULL,
  day date NOT NULL,
  size_class integer NOT NULL,
  -- 'epoch': sealed here as a row of an epoch. 'age': sealed by its sender, an age file to the centre.
  sealing text NOT NULL DEFAULT 'epoch' CHECK (sealing IN ('epoch', 'age')),
  epoch bytea REFERENCES avow.epoch (id),
  row_index integer,
  sealed bytea NOT NULL,
  case_id bytea CHECK (octet_length(case_id) = 16),
  CHECK ((sealing = 'epoch') = (epoch IS NOT NULL)),
  CHECK ((epoch IS NULL) = (row_index IS NULL)),
  UNIQUE (epoch, row_index)
);
CREATE INDEX envelope_without_case ON avow.envelope (centre, channel) WHERE case_id IS NULL;
CREATE INDEX envelope_of_case ON avow.envelope (case_id) WHERE case_id IS NOT NULL;
CREATE TABLE avow.receipt (
  lookup_hash bytea PRIMARY KEY CHECK (octet_length(lookup_hash) = 32),
  envelope bytea NOT NULL CHECK (octet_length(envelope) = 32),
  person integer NOT NULL CHECK (person >= 0),
  -- The submission speaks for this person only, so that withdrawing it takes the whole envelope.
  alone boolean NOT NULL DEFAULT false
);
ALTER TABLE avow.epoch ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE avow.envelope ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
-- The functions between roles run as the owner, whom FORCE would shut out too.
CREATE POLICY owner_all ON avow.epoch TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON avow.envelope TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY intake_inserts ON avow.epoch FOR INSERT TO avow_intake WITH CHECK (true);
CREATE POLICY intake_inserts ON avow.envelope FOR INSERT TO avow_intake WITH CHECK (case_id IS NULL);
CREATE POLICY desk_reads ON avow.epoch FOR SELECT TO avow_desk
  USING (centre = current_setting('avow.centre', true));
CREATE POLICY desk_reads ON avow.envelope FOR SELECT TO avow_desk
  USING (centre = current_setting('avow.centre', true));
CREATE POLICY desk_files ON avow.envelope FOR UPDATE TO avow_desk
  USING (centre = current_setting('avow.centre', true));
GRANT INSERT ON avow.epoch, avow.receipt TO avow_intake;
GRANT INSERT (id, centre, line, channel, language, day, size_class, sealing, epoch, row_index, sealed)
  ON avow.envelope TO avow_intake;
GRANT SELECT ON avow.epoch, avow.envelope TO avow_desk;
GRANT UPDATE (case_id) ON avow.envelope TO avow_desk;
`,
  },
]
