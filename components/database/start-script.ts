/** The variables that the scripts read from the file in their first argument. */
export interface NodeVariables {
  /** Where the shared data is mounted. */
  MOUNT: string;
  /** The directory of PostgreSQL's socket. */
  RUN_DIR: string;
  PG_BIN: string;
  PG_UID: string;
  PG_GID: string;
  /** The addresses that may connect. */
  CLIENT_CIDR: string;
  VIRTUAL_IP: string;
  SECRET_ARN: string;
  /** The AWS CLI in the secret's account, if that is a different one. */
  VAULT?: string;
  /** A program that archives a WAL file, given its name. Without it, PostgreSQL archives nothing. */
  ARCHIVE?: string;
  /** Seconds after which an unfinished segment is archived. */
  ARCHIVE_SECONDS?: string;
  /** A program that restores data. It takes a moment, an empty folder, and the folder where the data will be. */
  RESTORE?: string;
  /** The moment to go back to, once; see `momentIn`. */
  RESTORE_FROM?: string;
}

/**
 * Becomes PostgreSQL, in the namespace that the guard created. The first start creates the data: a password from Secrets Manager,
 * a certificate for the virtual IP, TLS and SCRAM only. It builds them aside and renames them, so that an interrupted start begins anew.
 * A restore is also a first start, with data from a backup.
 */
export const startScript = `#!/bin/bash
set -euo pipefail
umask 077
. "$1"
cd /
# The kernel forgets the death signal when the user changes.
as=(setpriv --reuid "$PG_UID" --regid "$PG_GID" --clear-groups --pdeathsig KILL)
data=$MOUNT/postgresql
refuse() { echo "groundwork refuses to start PostgreSQL: $*; see docs/database-failures.md" >&2; exit 1; }

# The lease knows who may still have the data open, but only of its own record: another one's data, or a newer epoch's, is left alone.
if [ -e "$MOUNT/epoch" ]; then
  record= epoch=0 node=
  read -r record epoch node <"$MOUNT/epoch" || true
  if [ "$record $epoch" != "$GROUNDWORK_FREE" ]; then
    [ "$record" = "$GROUNDWORK_RECORD" ] ||
      refuse "the data was used by '$node' under the record '$record', epoch '$epoch', of which the lease's record $GROUNDWORK_RECORD knows nothing"
    [ "$epoch" -lt "$GROUNDWORK_EPOCH" ] || [ "$epoch $node" = "$GROUNDWORK_EPOCH $GROUNDWORK_NODE" ] ||
      refuse "the data was used by '$node' in epoch '$epoch' of the record '$record', the lease is at $GROUNDWORK_EPOCH"
  fi
fi

# Missing data that was there before is lost, or not the mount that it should be: no reason to make another database.
not_before() {
  local secret mark='"initialised": *true'
  [ -z "$GROUNDWORK_INITIALISED" ] && [ ! -e "$MOUNT/epoch" ] || refuse "$data is gone, and PostgreSQL has run on it"
  secret=$("\${VAULT:-aws}" secretsmanager get-secret-value --secret-id "$SECRET_ARN" --query SecretString --output text 2>&1) ||
    [[ $secret == *ResourceNotFoundException* ]] || refuse "the secret could not be read: $secret"
  [[ ! $secret =~ $mark ]] || refuse "$data is gone, and the secret is that of a database that there was"
}

random_password() {
  aws secretsmanager get-random-password --password-length 40 --exclude-punctuation --query RandomPassword --output text
}

# The certificate by which clients know the server.
certificate() {
  "\${as[@]}" openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 \\
    -subj "/CN=$VIRTUAL_IP" -addext "subjectAltName=IP:$VIRTUAL_IP" -keyout "$1/server.key" -out "$1/server.crt" 2>/dev/null
}

holds() { [ "$(cat "$1" 2>/dev/null)" = "$2" ] || echo "$2" | "\${as[@]}" tee "$1" >/dev/null; }

publish() {
  local ca
  ca=$(awk '{ printf "%s\\\\n", $0 }' "$1/server.crt")
  printf '{"username":"app","password":"%s","host":"%s","port":5432,"dbname":"app","engine":"postgres","ca":"%s"}' "$2" "$VIRTUAL_IP" "$ca" |
    "\${VAULT:-aws}" secretsmanager put-secret-value --secret-id "$SECRET_ARN" --secret-string file:///dev/stdin >/dev/null
}

first_start() {
  local new=$MOUNT/new password
  "\${as[@]}" rm -rf "$new"
  password=$(random_password)
  "\${as[@]}" "$PG_BIN/initdb" -D "$new" -U postgres --auth=reject --no-locale --encoding=UTF8 --data-checksums >/dev/null
  certificate "$new"
  printf "CREATE ROLE app LOGIN PASSWORD '%s'\\nCREATE DATABASE app OWNER app\\n" "$password" |
    "\${as[@]}" "$PG_BIN/postgres" --single -D "$new" postgres >/dev/null
  publish "$new" "$password"
  sync -f "$MOUNT"
  "\${as[@]}" mv --no-target-directory "$new" "$data"
}

# A moment that was asked for and has not been gone back to. What was there stays, aside. The list of moments lies outside the
# data: a node that still has an older setting must not go back again.
wants_restore() {
  [ -n "\${RESTORE_FROM:-}" ] && ! grep -qsxF -- "$RESTORE_FROM" "$MOUNT/restores"
}
restore() {
  local new=$MOUNT/new password
  "\${as[@]}" rm -rf "$new"
  "\${as[@]}" mkdir "$new"
  "\${as[@]}" "$RESTORE" "$RESTORE_FROM" "$new" "$data"
  "\${as[@]}" find "$new" -maxdepth 1 -name 'groundwork-*' -delete
  certificate "$new"
  # The data know other passwords: the agent sees that this one does not open them, and gives the secret one that does.
  password=$(random_password)
  publish "$new" "$password"
  sync -f "$MOUNT"
  [ ! -e "$data" ] || "\${as[@]}" mv --no-target-directory "$data" "$data.before-$(date +%s)"
  "\${as[@]}" mv --no-target-directory "$new" "$data"
  echo "$RESTORE_FROM" | "\${as[@]}" tee -a "$MOUNT/restores" >/dev/null
  sync -f "$MOUNT"
}

# Data that is there but damaged is PostgreSQL's to refuse: another first start would give its secret away.
if wants_restore; then restore; elif [ ! -e "$data" ]; then not_before; first_start; fi

used="$GROUNDWORK_RECORD $GROUNDWORK_EPOCH $GROUNDWORK_NODE"
[ "$(cat "$MOUNT/epoch" 2>/dev/null)" = "$used" ] || {
  echo "$used" | "\${as[@]}" tee "$MOUNT/epoch.new" >/dev/null
  sync "$MOUNT/epoch.new"
  "\${as[@]}" mv --no-target-directory "$MOUNT/epoch.new" "$MOUNT/epoch"
  sync "$MOUNT"
}

# The postmaster is spared when memory runs out; what one client's query takes is not.
export PG_OOM_ADJUST_FILE=/proc/self/oom_score_adj PG_OOM_ADJUST_VALUE=0

# Another virtual IP, or less than a year left: clients learn of the new one from the secret, which the agent keeps.
has_certificate() {
  openssl x509 -in "$data/server.crt" -noout -checkend 31536000 >/dev/null &&
    openssl x509 -in "$data/server.crt" -noout -checkip "$VIRTUAL_IP" | grep -q 'does match'
}
has_certificate || certificate "$data"
# Who may connect, as it is set now: the data may be older than the network.
holds "$data/pg_hba.conf" $'local all postgres peer map=host\nhostssl app app,app_b '"$CLIENT_CIDR scram-sha-256"
holds "$data/pg_ident.conf" 'host root postgres'

archive=()
[ -z "\${ARCHIVE:-}" ] || archive=(-c archive_mode=on -c "archive_command=$ARCHIVE %p" -c "archive_timeout=$ARCHIVE_SECONDS")
# syncfs is one call where fsync is one per file: half a second of every failover.
exec "\${as[@]}" "$PG_BIN/postgres" -D "$data" -k "$RUN_DIR" -c "cluster_name=$GROUNDWORK_NODE" \\
  -c listen_addresses='*' -c ssl=on -c ssl_min_protocol_version=TLSv1.2 -c password_encryption=scram-sha-256 \\
  -c recovery_init_sync_method=syncfs -c unix_socket_permissions=0770 -c log_line_prefix='%m [%p] ' \\
  -c hot_standby=off "\${archive[@]}"
`;

/** The AWS CLI under a role in the secret's account. Standard input is left to the command. */
export const vaultScript = (secretArn: string, roleArn: string) => `#!/bin/bash
set -euo pipefail
session=$(aws sts assume-role --role-arn ${roleArn} --role-session-name "$GROUNDWORK_NODE" \\
  --query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]' --output text </dev/null)
read -r AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN <<<"$session"
export AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
exec aws "$@" --region ${secretArn.split(":")[3]}
`;

/** Not `mountpoint`, which asks the storage: it hangs if the storage does not answer, and reports a broken mount as none. */
export const isMounted = 'findmnt --mountpoint "$MOUNT" >/dev/null';

/** Unmounts the shared data. It writes what the kernel still holds back, or fails. */
export const detachScript = `#!/bin/bash
. "$1"
# A backup reads the data, and nothing is unmounted under a reader.
[ ! -e "$RUN_DIR/backup.pid" ] || kill -KILL -- "-$(<"$RUN_DIR/backup.pid")" 2>/dev/null
if ${isMounted}; then
  # First, and by itself: an unmount that waits for the storage is off the list already, and the next try would take it for done.
  sync -f "$MOUNT" && umount "$MOUNT" || exit 1
fi
`;
