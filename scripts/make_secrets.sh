#!/usr/bin/env bash
# The keys that the image does not start without, and the first password: ./scripts/make_secrets.sh [FILE]
# Prints lines for the env file; with FILE puts them into it, keeping what it has, readable by its owner only.
set -euo pipefail
umask 077

# random BYTES: so many random bytes in URL-safe base64.
random() {
  if command -v openssl >/dev/null; then
    openssl rand -base64 "$1" | tr -d '\n' | tr '+/' '-_'
  else
    python3 -c 'import base64, os, sys; print(base64.urlsafe_b64encode(os.urandom(int(sys.argv[1]))).decode(), end="")' "$1"
  fi
}

# A Fernet key is 32 bytes.
bytes_of() {
  case "$1" in
    AIRFLOW__CORE__FERNET_KEY) echo 32 ;;
    AIRFLOW_ADMIN_PASSWORD) echo 18 ;;
    *) echo 48 ;;
  esac
}

names="AIRFLOW__CORE__FERNET_KEY AIRFLOW__API_AUTH__JWT_SECRET AIRFLOW__API__SECRET_KEY AIRFLOW_ADMIN_PASSWORD"
file="${1:-}"
if [ -z "$file" ]; then
  for name in $names; do
    key="$(random "$(bytes_of "$name")")"
    printf '%s=%s\n' "$name" "$key"
  done
  exit
fi

# Written beside the old one, so that an interruption loses no key.
fresh="$(mktemp "$file.XXXXXX")"
trap 'rm -f "$fresh"' EXIT
[ ! -e "$file" ] || cat "$file" >"$fresh"
[ ! -s "$fresh" ] || [ -z "$(tail -c 1 "$fresh")" ] || printf '\n' >>"$fresh"
for name in $names; do
  if grep -q "^$name=." "$fresh"; then
    printf '%s is there already and stays\n' "$name"
    continue
  fi
  key="$(random "$(bytes_of "$name")")"
  line="$name=$key"
  if grep -q "^$name=\$" "$fresh"; then
    { sed "/^$name=\$/,\$d" "$fresh"; printf '%s\n' "$line"; sed "1,/^$name=\$/d" "$fresh"; } >"$fresh.filled"
    mv "$fresh.filled" "$fresh"
  else
    printf '%s\n' "$line" >>"$fresh"
  fi
  printf '%s made\n' "$name"
done
mv "$fresh" "$file"
printf '%s can be read by its owner only. Keep a copy in a safe place: a lost Fernet key cannot be made again.\n' "$file"
