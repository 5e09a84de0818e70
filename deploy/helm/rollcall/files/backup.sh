#!/bin/sh
# Backs up the store of Rollcall into a folder, then deletes backups that are older than KEEP_DAYS.
#
#   backup.sh FOLDER KEEP_DAYS
#
# ROLLCALL_STORE, or the file that ROLLCALL_STORE_FILE names, has the URL of the store. Uses pg_dump for PostgreSQL and
# `rollcall store backup` for SQLite. To restore, see docs/restoring.md.
set -eu
umask 077

usage() {
  echo "backup.sh: $1 Usage: backup.sh FOLDER KEEP_DAYS" >&2
  exit 2
}

percent_decoded() {
  printf '%s\n' "$1" | LC_ALL=C awk '{
    digits = "0123456789ABCDEF"
    while (match($0, /%[0-9A-Fa-f][0-9A-Fa-f]/)) {
      high = index(digits, toupper(substr($0, RSTART + 1, 1))) - 1
      low = index(digits, toupper(substr($0, RSTART + 2, 1))) - 1
      printf "%s%c", substr($0, 1, RSTART - 1), high * 16 + low
      $0 = substr($0, RSTART + 3)
    }
    print
  }'
}

folder=${1:-}
days=${2:-}
[ -d "$folder" ] || usage "'$folder' is not a folder."
case $days in '' | *[!0-9]*) usage "'$days' is not a number of days." ;; esac

store=${ROLLCALL_STORE:-}
[ -z "${ROLLCALL_STORE_FILE:-}" ] || store=$(cat "$ROLLCALL_STORE_FILE")

name=$folder/rollcall-$(date -u +%Y%m%dT%H%M%SZ)
case $store in
postgres*)
  file=$name.dump
  # An interrupted run leaves a part.
  rm -f "$folder"/rollcall-*.dump.part
  # Every user of the machine can read arguments, so pass the password in the environment.
  password=$(printf '%s\n' "$store" | sed -n 's|^[a-z]*://[^:@/]*:\([^@/]*\)@.*|\1|p')
  if [ -n "$password" ]; then
    PGPASSWORD=$(percent_decoded "$password")
    export PGPASSWORD
    store=$(printf '%s\n' "$store" | sed 's|^\([a-z]*://[^:@/]*\):[^@/]*@|\1@|')
  fi
  pg_dump --format=custom --schema=rollcall --file="$file.part" --dbname="$store"
  mv "$file.part" "$file"
  ;;
*)
  file=$name.db
  rollcall store backup --quiet "$file"
  ;;
esac

# Delete only after a successful backup, so that the newest one always stays.
for kind in db dump; do
  find "$folder" -maxdepth 1 -type f -name "rollcall-*Z.$kind" -mtime +"$days" -exec rm -f {} +
done
echo "Wrote $file and deleted backups older than $days days."
