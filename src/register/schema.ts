import type { Migration } from '../postgres/migrate.ts'

/**
 * `approved_item` is the hand-over: the desk inserts ciphertext, the publisher alone reads it.
 * `staged_batch` holds what was given indices and is not published yet: entries, and content under the staging key of
 * the secrets folder. `content_bundle` and `content_text` hold what is public, so that content files can be rebuilt
 * with erasures applied. Hours are counted from 1970 and drawn, or begin a day: none of them says when somebody worked.
 */
export const migrations: readonly Migration[] = [
  {
    id: 'register-001',
    sql: `
CREATE TABLE avow.approved_item (
  case_id bytea PRIMARY KEY CHECK (octet_length(case_id) = 16),
  kind text NOT NULL CHECK (kind IN ('desk','import')),
  centre text NOT NULL,
  recipient_hash bytea NOT NULL CHECK (octet_length(recipient_hash) = 32),
  sealed bytea NOT NULL,
  due_hour integer,
  last_hour integer,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting','staged','published'))
);
CREATE INDEX approved_item_waiting ON avow.approved_item (kind, due_hour) WHERE state = 'waiting';
-- Hashes and counts of an archive and who signed them; the statements themselves come sealed, as items.
CREATE TABLE avow.import_manifest (
  hash bytea PRIMARY KEY CHECK (octet_length(hash) = 32),
  signed text NOT NULL
);
-- Keyed hashes, so that an archive can be imported again without doubling; without the key they say nothing.
CREATE TABLE avow.imported_statement (
  key bytea PRIMARY KEY CHECK (octet_length(key) = 32)
);
CREATE TABLE avow.refused_item (
  case_id bytea PRIMARY KEY CHECK (octet_length(case_id) = 16),
  kind text NOT NULL,
  centre text NOT NULL,
  day date NOT NULL,
  code text NOT NULL
);
CREATE TABLE avow.publisher_recipient (
  recipient_hash bytea PRIMARY KEY CHECK (octet_length(recipient_hash) = 32),
  note text NOT NULL,
  current boolean NOT NULL
);
CREATE TABLE avow.log_state (
  log text PRIMARY KEY CHECK (log IN ('declarations','events')),
  origin text NOT NULL,
  size bigint NOT NULL,
  root bytea NOT NULL,
  edge bytea NOT NULL,
  last_day date NOT NULL,
  signed_size bigint NOT NULL,
  signed_note text NOT NULL,
  -- Whether the note carries what the witnesses said: then it is the one to publish, also after a restart.
  cosigned boolean NOT NULL DEFAULT false,
  published_size bigint NOT NULL,
  -- Content files below this are on disk for certain; above it the rows are the only durable copy.
  content_synced bigint NOT NULL DEFAULT 0
);
CREATE TABLE avow.staged_batch (
  log text PRIMARY KEY REFERENCES avow.log_state (log),
  edge_before bytea NOT NULL,
  entries bytea NOT NULL,
  sealed_content bytea
);
CREATE TABLE avow.event_queue (
  id bytea PRIMARY KEY CHECK (octet_length(id) = 16),
  place integer NOT NULL,
  body text NOT NULL CHECK (octet_length(body) <= 65535)
);
-- What was last said of each kind in the event log, so that it is said once.
CREATE TABLE avow.announced (
  kind text PRIMARY KEY,
  value text NOT NULL
);
CREATE TABLE avow.kept_out (
  reason text PRIMARY KEY,
  persons integer NOT NULL,
  since date NOT NULL
);
CREATE TABLE avow.tally_part (
  part text PRIMARY KEY,
  declarations bigint NOT NULL
);
CREATE TABLE avow.content_bundle (
  bundle bigint PRIMARY KEY,
  lines bytea NOT NULL
);
CREATE TABLE avow.content_text (
  id bytea PRIMARY KEY CHECK (octet_length(id) = 16),
  body text NOT NULL,
  members integer NOT NULL CHECK (members >= 0)
);
CREATE TABLE avow.kept_opening (
  lookup_hash bytea PRIMARY KEY CHECK (octet_length(lookup_hash) = 32),
  idx bigint NOT NULL,
  sealed bytea
);
CREATE TABLE avow.approval_evidence (
  first_index bigint PRIMARY KEY,
  size integer NOT NULL,
  root bytea NOT NULL CHECK (octet_length(root) = 32),
  sealed bytea NOT NULL
);
CREATE TABLE avow.visible_group (
  form bytea NOT NULL,
  key text NOT NULL,
  statements integer NOT NULL,
  PRIMARY KEY (form, key)
);
-- Ciphertext does not compress, and megabytes of entries are written once and deleted.
ALTER TABLE avow.approved_item ALTER sealed SET STORAGE EXTERNAL;
ALTER TABLE avow.staged_batch ALTER entries SET STORAGE EXTERNAL, ALTER sealed_content SET STORAGE EXTERNAL;
ALTER TABLE avow.content_bundle ALTER lines SET STORAGE EXTERNAL;
ALTER TABLE avow.kept_opening ALTER sealed SET STORAGE EXTERNAL;
ALTER TABLE avow.approval_evidence ALTER sealed SET STORAGE EXTERNAL;
-- Not the hours: the publisher draws them, so that a desk that was taken over cannot send one statement out alone.
GRANT INSERT (case_id, kind, centre, recipient_hash, sealed) ON avow.approved_item TO avow_desk;
GRANT SELECT ON avow.publisher_recipient TO avow_desk;
GRANT SELECT, INSERT, UPDATE, DELETE ON avow.approved_item, avow.import_manifest,
  avow.imported_statement, avow.refused_item, avow.publisher_recipient,
  avow.log_state, avow.staged_batch, avow.event_queue, avow.announced, avow.kept_out, avow.tally_part, avow.content_bundle,
  avow.content_text, avow.kept_opening, avow.approval_evidence, avow.visible_group TO avow_publisher;
-- What the desk may know of the hand-over: which of its own cases wait under a recipient that is gone.
CREATE VIEW avow.waiting_item WITH (security_barrier) AS
  SELECT case_id, centre, recipient_hash FROM avow.approved_item
  WHERE state = 'waiting' AND kind = 'desk' AND centre = current_setting('avow.centre', true);
GRANT SELECT ON avow.waiting_item TO avow_desk;
-- Only what nobody can open any more is replaced; what the publisher can open is as two people left it.
CREATE FUNCTION avow.reseal_item(of_case bytea, to_recipient bytea, new_sealed bytea) RETURNS boolean
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  UPDATE avow.approved_item SET sealed = new_sealed, recipient_hash = to_recipient
  WHERE case_id = of_case AND state = 'waiting' AND kind = 'desk'
    AND centre = current_setting('avow.centre', true)
    AND EXISTS (SELECT 1 FROM avow.publisher_recipient p WHERE p.recipient_hash = to_recipient AND p.current)
    AND NOT EXISTS (SELECT 1 FROM avow.publisher_recipient p
      WHERE p.recipient_hash = avow.approved_item.recipient_hash AND p.current)
  RETURNING true $$;
-- The end of a case: state, outcome, and the ciphertext nobody needs any more. A receipt that has its declaration forgets
-- its envelope: the rows would say for ever which entries came together, shown or not, and on which day.
CREATE FUNCTION avow.close_case(of_case bytea, outcome text, outcome_code text) RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  UPDATE avow."case" SET state = outcome, code = outcome_code WHERE id = of_case AND state = 'approved';
  DELETE FROM avow.draft WHERE case_id = of_case;
  DELETE FROM avow.proposal WHERE case_id = of_case;
  DELETE FROM avow.receipt r USING avow.envelope e, avow.kept_opening k
    WHERE e.case_id = of_case AND r.envelope = e.id AND k.lookup_hash = r.lookup_hash;
  UPDATE avow.envelope SET sealed = '' WHERE case_id = of_case $$;
-- A case that the publisher could not take goes back to its centre; nothing of it is lost.
CREATE FUNCTION avow.return_case(of_case bytea, reason_code text) RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  UPDATE avow."case" SET state = 'returned',
    taken_by = (SELECT proposed_by FROM avow.proposal WHERE case_id = of_case)
  WHERE id = of_case AND state = 'approved';
  UPDATE avow.proposal SET returned_code = reason_code, approved_signature = NULL
  WHERE case_id = of_case AND approved_signature IS NOT NULL $$;
-- One hash in, one row out, always: unknown receipts answer like known ones.
CREATE FUNCTION avow.receipt_status(hash bytea, OUT state text, OUT code text, OUT idx bigint)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT coalesce(CASE WHEN k.idx IS NOT NULL THEN 'published'
                       WHEN c.state = 'published' THEN 'rejected' -- the case went out without this person
                       WHEN c.state IS NOT NULL THEN c.state
                       WHEN e.id IS NOT NULL THEN 'waiting' END, 'unknown'),
         c.code, k.idx
  FROM (SELECT 1) one
  LEFT JOIN avow.receipt r ON r.lookup_hash = hash
  LEFT JOIN avow.envelope e ON e.id = r.envelope
  LEFT JOIN avow."case" c ON c.id = e.case_id
  LEFT JOIN avow.kept_opening k ON k.lookup_hash = hash $$;
REVOKE ALL ON FUNCTION avow.reseal_item, avow.close_case, avow.return_case, avow.receipt_status FROM PUBLIC;
GRANT EXECUTE ON FUNCTION avow.reseal_item TO avow_desk;
GRANT EXECUTE ON FUNCTION avow.close_case, avow.return_case TO avow_publisher;
GRANT EXECUTE ON FUNCTION avow.receipt_status TO avow_intake;
`,
  },
]
