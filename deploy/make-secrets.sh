#!/usr/bin/env bash
# Makes what an installation keeps secret, once, into deploy/secrets: random passwords, the app's environment. Never overwrites.
set -euo pipefail
umask 077
folder="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/secrets"
mkdir -p "$folder/tls"
chmod 700 "$folder"

random() { openssl rand -hex 32; }
keep() {  # keep FILE < content: only when there is none yet
    if [[ -e "$folder/$1" ]]; then echo "kept  $1" >&2; cat > /dev/null; return; fi
    cat > "$folder/$1"
    echo "made  $1" >&2
}

for role in admin owner app; do random | tr -d '\n' | keep "postgres-$role"; done
# Containers run under users of their own: the folder keeps others out, the files inside must be readable there.
chmod 755 "$folder/tls"
chmod 444 "$folder"/postgres-*

cookie="$(random)"
keep luotsi.env <<ENV
LUOTSI_BASE_URL=https://luotsi.example.fi
STREAMLIT_SERVER_ALLOWED_HOSTS=luotsi.example.fi
DATABASE_URL=postgresql://luotsi:$(cat "$folder/postgres-app")@db/luotsi
LUOTSI_RESPONDENT_SALT=$(random)
STREAMLIT_SERVER_COOKIE_SECRET=$cookie
LUOTSI_COOKIE_SECRET=$cookie
LUOTSI_PROXIES=1
LUOTSI_LOG_FORMAT=json
LUOTSI_MAX_UPLOAD_MB=100
STREAMLIT_SERVER_MAX_UPLOAD_SIZE=100
ENV
keep owner.env <<ENV
DATABASE_URL=postgresql://luotsi_owner:$(cat "$folder/postgres-owner")@db/luotsi
ENV
echo "Now set LUOTSI_BASE_URL and STREAMLIT_SERVER_ALLOWED_HOSTS in $folder/luotsi.env, and put fullchain.pem and privkey.pem into $folder/tls." >&2
