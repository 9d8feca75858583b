/** Variables of the file that the scripts read, given as their first argument. */
export interface NodeVariables {
  /** Where the shared data is attached. */
  MOUNT: string;
  /** Of PostgreSQL's socket. */
  RUN_DIR: string;
  PG_BIN: string;
  PG_UID: string;
  PG_GID: string;
  /** Who may connect. */
  CLIENT_CIDR: string;
  VIRTUAL_IP: string;
  SECRET_ARN: string;
}

/**
 * Becomes PostgreSQL, in the namespace that the guard made. The first start makes the data: password by Secrets Manager,
 * a certificate for the virtual IP, TLS and SCRAM only. It is made aside and renamed, so a start that was cut off begins anew.
 */
export const startScript = `#!/bin/bash
set -euo pipefail
umask 077
. "$1"
cd /
# The kernel forgets the death signal when the user changes.
as=(setpriv --reuid "$PG_UID" --regid "$PG_GID" --clear-groups --pdeathsig KILL)
data=$MOUNT/postgresql

first_start() {
  local new=$MOUNT/new password ca
  "\${as[@]}" rm -rf "$new"
  password=$(aws secretsmanager get-random-password --password-length 40 --exclude-punctuation --query RandomPassword --output text)
  "\${as[@]}" "$PG_BIN/initdb" -D "$new" -U postgres --auth=reject --no-locale --encoding=UTF8 >/dev/null
  "\${as[@]}" openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 \\
    -subj "/CN=$VIRTUAL_IP" -addext "subjectAltName=IP:$VIRTUAL_IP" -keyout "$new/server.key" -out "$new/server.crt" 2>/dev/null
  printf 'local all postgres peer map=host\\nhostssl app app,app_b %s scram-sha-256\\n' "$CLIENT_CIDR" | "\${as[@]}" tee "$new/pg_hba.conf" >/dev/null
  printf 'host root postgres\\n' | "\${as[@]}" tee "$new/pg_ident.conf" >/dev/null
  printf "CREATE ROLE app LOGIN PASSWORD '%s'\\nCREATE DATABASE app OWNER app\\n" "$password" |
    "\${as[@]}" "$PG_BIN/postgres" --single -D "$new" postgres >/dev/null
  ca=$(awk '{ printf "%s\\\\n", $0 }' "$new/server.crt")
  printf '{"username":"app","password":"%s","host":"%s","port":5432,"dbname":"app","engine":"postgres","ca":"%s"}' "$password" "$VIRTUAL_IP" "$ca" |
    aws secretsmanager put-secret-value --secret-id "$SECRET_ARN" --secret-string file:///dev/stdin >/dev/null
  sync
  "\${as[@]}" mv --no-target-directory "$new" "$data"
}
# Data that is there but damaged is PostgreSQL's to refuse: another first start would give its secret away.
[ -e "$data" ] || first_start

# syncfs is one call where fsync is one per file: half a second of every failover.
exec "\${as[@]}" "$PG_BIN/postgres" -D "$data" -k "$RUN_DIR" -c "cluster_name=$GROUNDWORK_NODE" \\
  -c listen_addresses='*' -c ssl=on -c ssl_min_protocol_version=TLSv1.2 -c password_encryption=scram-sha-256 \\
  -c recovery_init_sync_method=syncfs -c unix_socket_permissions=0770 -c log_line_prefix='%m [%p] '
`;

/** Not `mountpoint`, which asks the storage: one that does not answer lets it wait, and a broken one passes for none. */
export const isMounted = 'findmnt --mountpoint "$MOUNT" >/dev/null';

/** Lets go of the shared data: what the kernel still held back is written, or this fails. */
export const detachScript = `#!/bin/bash
. "$1"
${isMounted} || exit 0
# First, and by itself: an unmount that waits for the storage is off the list already, and the next try would take it for done.
sync -f "$MOUNT" && umount "$MOUNT"
`;
