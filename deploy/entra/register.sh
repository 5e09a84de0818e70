#!/usr/bin/env bash
# Registers Rollcall with Microsoft Entra and prints the environment file of `rollcall serve` on standard output.
# Needs the Azure CLI, signed in (`az login`) as someone who may register applications and assign app roles:
# Cloud Application Administrator is enough. Running it again adds nothing that is there already; it sets the application ID
# URI and the redirect URI of its applications, and those alone.
set -euo pipefail

usage() {
  cat <<'END'
register.sh [--name NAME] [--client-id ID | --client-name NAME] [--public-url URL [--sign-in-secret-file FILE]]

  --name NAME                 the API's name in Entra; Rollcall when absent
  --client-id ID              an application or managed identity that may read calls: it gets the app role
  --client-name NAME          likewise, an application that is registered if there is none of that name
  --public-url URL            where people reach Rollcall: registers the application that they sign in to
  --sign-in-secret-file FILE  where its new secret is written; rollcall-sign-in-secret when absent

Standard output is the environment file: register.sh … > rollcall.env
END
}

fail() {
  printf '%s\n' "$1" >&2
  exit "${2:-1}"
}
say() { printf '%s\n' "$1" >&2; }

name=Rollcall client_id='' client_name='' public_url='' secret_file=rollcall-sign-in-secret
while [ $# -gt 0 ]; do
  case $1 in
    --help) usage && exit 0 ;;
    --name | --client-id | --client-name | --public-url | --sign-in-secret-file)
      [ $# -ge 2 ] && [ -n "$2" ] || fail "$1: a value is missing." 2
      case $1 in
        --name) name=$2 ;;
        --client-id) client_id=$2 ;;
        --client-name) client_name=$2 ;;
        --public-url) public_url=${2%/} ;;
        --sign-in-secret-file) secret_file=$2 ;;
      esac
      shift 2
      ;;
    *) fail "$1: there is no such option. See register.sh --help." 2 ;;
  esac
done
for text in "$name" "$client_name"; do
  [[ $text =~ ^[A-Za-z0-9\ ._-]*$ ]] || fail "'$text': a name of letters, digits, spaces, dots and hyphens is expected." 2
done
[ -z "$client_id" ] || [ -z "$client_name" ] || fail '--client-id, --client-name: one of them is enough.' 2
[[ -z $client_id || $client_id =~ ^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$ ]] ||
  fail "--client-id: '$client_id' is not a client ID, a GUID." 2
[[ -z $public_url || $public_url =~ ^https://[A-Za-z0-9.-]+(:[0-9]+)?$ ]] ||
  fail "--public-url: '$public_url' is not an https URL of a host alone, such as https://calls.example." 2
command -v az > /dev/null || fail 'az: the Azure CLI is not installed. See https://learn.microsoft.com/cli/azure/install-azure-cli.'

tenant=$(az account show --query tenantId --output tsv) || fail 'az: sign in first, with az login.'
graph=$(az cloud show --query endpoints.microsoftGraphResourceId --output tsv)
authority=$(az cloud show --query endpoints.activeDirectory --output tsv)
graph=${graph%/} authority=${authority%/}

# The app role that Rollcall asks for: one id for each kind of member, so that a second run knows it again.
role=CallRecords.Read.All
role_of_applications=6b1d3c7e-2f0a-4b59-9c41-7d5e8a90f312
role_of_people=0f9a4d26-83b7-4c1e-a6d5-1e2c7b48f053

# rest METHOD PATH QUERY [BODY]: one request to Microsoft Graph. What was just made is not everywhere at once.
rest() {
  local attempt body=()
  [ $# -lt 4 ] || body=(--body "$4" --headers Content-Type=application/json)
  for attempt in 1 2 3 4 5 6; do
    az rest --method "$1" --url "$graph/v1.0$2" --query "$3" --output tsv --only-show-errors ${body[@]+"${body[@]}"} && return
    [ "$attempt" = 6 ] || sleep "${ROLLCALL_REGISTER_PAUSE:-5}"
  done
  fail "$1 $2 failed six times; what az says stands above."
}

# application NAME: prints the object id and the client id of the application of that name, which is registered if need be.
application() {
  local found
  found=$(rest get "/applications?\$filter=displayName%20eq%20'${1// /%20}'&\$select=id,appId" 'value[].[id,appId]') || exit
  [ "$(printf '%s' "$found" | grep -c '')" -lt 2 ] ||
    fail "Several applications are called '$1'. Rename all but one, or give another name."
  if [ -z "$found" ]; then
    say "Registers the application '$1'."
    found=$(rest post /applications '[[id,appId]]' "{\"displayName\":\"$1\",\"signInAudience\":\"AzureADMyOrg\"}") || exit
  fi
  printf '%s\n' "$found"
}

# principal CLIENT_ID: prints the object id of its service principal, which is made if need be.
principal() {
  local found
  found=$(rest get "/servicePrincipals?\$filter=appId%20eq%20'$1'&\$select=id" 'value[].id') || exit
  # The tag has the portal show it among the enterprise applications.
  [ -n "$found" ] ||
    found=$(rest post /servicePrincipals '[id]' "{\"appId\":\"$1\",\"tags\":[\"WindowsAzureActiveDirectoryIntegratedApp\"]}") || exit
  printf '%s\n' "$found"
}

# add_role OBJECT_ID ROLE_ID MEMBERS DESCRIPTION: defines the app role, and keeps those that are there.
add_role() {
  local defined others
  defined=$(rest get "/applications/$1?\$select=appRoles" "appRoles[?value=='$role'].id")
  [ -z "$defined" ] || return 0
  others=$(az rest --method get --url "$graph/v1.0/applications/$1?\$select=appRoles" --query appRoles --output json)
  others=$(printf '%s' "$others" | tr -d '\n')
  others=${others%]}
  [ "${others// /}" = '[' ] || others+=','
  rest patch "/applications/$1" '[]' "{\"appRoles\":$others{\"id\":\"$2\",\"value\":\"$role\",\"displayName\":\"$role\",\"description\":\"$4\",\"allowedMemberTypes\":[\"$3\"],\"isEnabled\":true}]}"
}

api=$(application "$name")
read -r api_object api_id <<< "$api"
rest patch "/applications/$api_object" '[]' "{\"identifierUris\":[\"api://$api_id\"],\"api\":{\"requestedAccessTokenVersion\":2}}"
add_role "$api_object" "$role_of_applications" Application 'Read all call records'
role_id=$(rest get "/applications/$api_object?\$select=appRoles" "appRoles[?value=='$role'].id")
api_principal=$(principal "$api_id")

if [ -n "$client_name" ]; then
  client=$(application "$client_name")
  read -r _ client_id <<< "$client"
fi
if [ -n "$client_id" ]; then
  client_principal=$(principal "$client_id")
  assigned=$(rest get "/servicePrincipals/$client_principal/appRoleAssignments" \
    "value[?resourceId=='$api_principal' && appRoleId=='$role_id'].id")
  [ -n "$assigned" ] || rest post "/servicePrincipals/$client_principal/appRoleAssignments" '[]' \
    "{\"principalId\":\"$client_principal\",\"resourceId\":\"$api_principal\",\"appRoleId\":\"$role_id\"}"
  say "The application $client_id may read calls. It asks for tokens with the scope api://$api_id/.default."
fi

cat << END
# Settings of rollcall serve, by deploy/entra/register.sh.
ROLLCALL_AUTHORITY=$authority/$tenant/v2.0
ROLLCALL_AUDIENCE=api://$api_id,$api_id
ROLLCALL_ALLOWED_TENANTS=$tenant
END

if [ -n "$public_url" ]; then
  page=$(application "$name sign-in")
  read -r page_object page_id <<< "$page"
  rest patch "/applications/$page_object" '[]' "{\"web\":{\"redirectUris\":[\"$public_url/rollcall/sign-in/callback\"]}}"
  add_role "$page_object" "$role_of_people" User 'See all calls'
  page_principal=$(principal "$page_id")
  rest patch "/servicePrincipals/$page_principal" '[]' '{"appRoleAssignmentRequired":true}'
  if [ ! -s "$secret_file" ]; then
    secret=$(rest post "/applications/$page_object/addPassword" '[secretText]' '{"passwordCredential":{"displayName":"rollcall"}}')
    (umask 077 && printf '%s\n' "$secret" > "$secret_file")
    say "The secret of '$name sign-in' is in $secret_file. It ends after two years."
  fi
  say "Assign the role to people: Enterprise applications, '$name sign-in', Users and groups."
  cat << END
ROLLCALL_PUBLIC_URL=$public_url
ROLLCALL_SIGN_IN_CLIENT_ID=$page_id
ROLLCALL_SIGN_IN_CLIENT_SECRET_FILE=$secret_file
END
fi
