/**
 * No trace: the server logs no statement, no parameter, no time of a commit, and keeps its write-ahead log small.
 * Durability is never traded: fsync and synchronous commit stay on.
 */
export function serverSettings(socketFolder: string): readonly string[] {
  return [
    `unix_socket_directories=${socketFolder}`,
    'unix_socket_permissions=0700',
    'listen_addresses=',
    'max_connections=80',
    'shared_buffers=128MB',
    'fsync=on',
    'synchronous_commit=on',
    'full_page_writes=on',
    // One server, no replica: the smallest log, and old segments are removed, not recycled with their old content.
    'wal_level=minimal',
    'max_wal_senders=0',
    'wal_recycle=off',
    'max_wal_size=256MB',
    'min_wal_size=32MB',
    'checkpoint_timeout=15min',
    'track_commit_timestamp=off',
    'track_activities=off',
    'track_counts=on',
    'update_process_title=off',
    'logging_collector=off',
    'log_destination=stderr',
    'log_min_messages=fatal',
    'log_min_error_statement=panic',
    'log_error_verbosity=terse',
    'log_parameter_max_length=0',
    'log_parameter_max_length_on_error=0',
    'log_statement=none',
    'log_connections=off',
    'log_checkpoints=off',
    'log_autovacuum_min_duration=-1',
    'log_lock_waits=off',
    'log_temp_files=-1',
    'dynamic_shared_memory_type=posix',
    'jit=off',
  ]
}
