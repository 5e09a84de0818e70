#!/usr/bin/env bash
# Registers Rollcall with Microsoft Entra and prints the environment file of `rollcall serve` on standard output.
# Needs the Azure CLI, signed in (`az login`) as a user who may register applications and assign app roles, such as a Cloud
# Application Administrator. A second run adds nothing that exists; it sets the application ID URI and the redirect URI of its
# applications again.
set -euo pipefail

usage() {
  cat <<'END'
register.sh [--name NAME] [--client-id ID | --client-name NAME] [--public-url URL [--sign-in-secret-file FILE]]

  --name NAME                 name of the API in Entra (default: Rollcall)
  --client-id ID              application or managed identity that may read calls: gets the app role
  --client-name NAME          the same, for an application that is registered if none has this name
  --public-url URL            address of the page: registers the application that people sign in with
  --sign-in-secret-file FILE  file for the new secret of that application (default: rollcall-sign-in-secret)

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
      [ $# -ge 2 ] && [ -n "$2" ] || fail "$1: a value is missing. See register.sh --help." 2
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
  [[ $text =~ ^[A-Za-z0-9\ ._-]*$ ]] || fail "'$text': a name of letters, digits, spaces, dots, underscores and hyphens is expected." 2
done
[ -z "$client_id" ] || [ -z "$client_name" ] || fail '--client-id, --client-name: one of them is expected, not both.' 2
[[ -z $client_id || $client_id =~ ^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$ ]] ||
  fail "--client-id: '$client_id' is not a client ID, a GUID." 2
[[ -z $public_url || $public_url =~ ^https://[A-Za-z0-9.-]+(:[0-9]+)?$ ]] ||
  fail "--public-url: '$public_url' is not an https URL of a host alone, such as https://calls.example." 2
command -v az > /dev/null || fail 'az: the Azure CLI is not installed. See https://learn.microsoft.com/cli/azure/install-azure-cli.'

tenant=$(az account show --query tenantId --output tsv) || fail 'az: sign in first, with az login.'
graph=$(az cloud show --query endpoints.microsoftGraphResourceId --output tsv)
authority=$(az cloud show --query endpoints.activeDirectory --output tsv)
graph=${graph%/} authority=${authority%/}

# The app role that Rollcall requires. Each kind of member has a fixed role ID, so that a second run recognizes the role.
role=CallRecords.Read.All
role_of_applications=6b1d3c7e-2f0a-4b59-9c41-7d5e8a90f312
role_of_people=0f9a4d26-83b7-4c1e-a6d5-1e2c7b48f053

# rest METHOD PATH QUERY [BODY]: sends a request to Microsoft Graph. Retries, because new objects are not visible everywhere
# at once.
rest() {
  local attempt body=()
  [ $# -lt 4 ] || body=(--body "$4" --headers Content-Type=application/json)
  for attempt in 1 2 3 4 5 6; do
    az rest --method "$1" --url "$graph/v1.0$2" --query "$3" --output tsv --only-show-errors ${body[@]+"${body[@]}"} && return
    [ "$attempt" = 6 ] || sleep "${ROLLCALL_REGISTER_PAUSE:-5}"
  done
  fail "$1 $2 failed six times. See the messages of az above."
}

# application NAME: prints the object ID and the client ID of the application with this name. Registers it if it does not exist.
application() {
  local found
  found=$(rest get "/applications?\$filter=displayName%20eq%20'${1// /%20}'&\$select=id,appId" 'value[].[id,appId]') || exit
  [ "$(printf '%s' "$found" | grep -c '')" -lt 2 ] ||
    fail "Several applications are called '$1'. Rename all but one, or give another name."
  if [ -z "$found" ]; then
    say "Registering the application '$1'."
    found=$(rest post /applications '[[id,appId]]' "{\"displayName\":\"$1\",\"signInAudience\":\"AzureADMyOrg\"}") || exit
  fi
  printf '%s\n' "$found"
}

# principal CLIENT_ID: prints the object ID of the service principal. Creates it if it does not exist.
principal() {
  local found
  found=$(rest get "/servicePrincipals?\$filter=appId%20eq%20'$1'&\$select=id" 'value[].id') || exit
  # With this tag the portal lists it under Enterprise applications.
  [ -n "$found" ] ||
    found=$(rest post /servicePrincipals '[id]' "{\"appId\":\"$1\",\"tags\":[\"WindowsAzureActiveDirectoryIntegratedApp\"]}") || exit
  printf '%s\n' "$found"
}

# add_role OBJECT_ID ROLE_ID MEMBERS DESCRIPTION: adds the app role to those that exist.
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
  say "The application $client_id may read calls. Its scope for tokens is api://$api_id/.default."
fi

cat << END
# Settings of rollcall serve, written by deploy/entra/register.sh.
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
    say "Wrote the secret of '$name sign-in' to $secret_file. It expires in two years."
  fi
  say "Assign the role to people in the Entra admin center: Enterprise applications, '$name sign-in', Users and groups."
  cat << END
ROLLCALL_PUBLIC_URL=$public_url
ROLLCALL_SIGN_IN_CLIENT_ID=$page_id
ROLLCALL_SIGN_IN_CLIENT_SECRET_FILE=$secret_file
END
fi
