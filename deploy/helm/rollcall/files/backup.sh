#!/bin/sh
# Backs up the store of Rollcall into a folder, then deletes backups that are older than so many days.
#
#   backup.sh FOLDER KEEP_DAYS
#
# The store is ROLLCALL_STORE, or in the file that ROLLCALL_STORE_FILE names: PostgreSQL is dumped with pg_dump, SQLite with
# `rollcall store backup`. docs/restoring.md says how to restore it.
set -eu
umask 077

usage() {
  echo "backup.sh: $1 Usage: backup.sh FOLDER KEEP_DAYS" >&2
  exit 2
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
  # What an earlier run left when it was ended.
  rm -f "$folder"/rollcall-*.dump.part
  pg_dump --format=custom --schema=rollcall --file="$file.part" --dbname="$store"
  mv "$file.part" "$file"
  ;;
*)
  file=$name.db
  rollcall store backup --quiet "$file"
  ;;
esac

# Only after a backup that succeeded, so the newest one always stays.
for kind in db dump; do
  find "$folder" -maxdepth 1 -type f -name "rollcall-*Z.$kind" -mtime +"$days" -exec rm -f {} +
done
echo "$file is written; backups older than $days days are deleted."
