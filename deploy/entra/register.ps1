<#
.SYNOPSIS
Registers Rollcall with Microsoft Entra and writes the environment file of `rollcall serve` to the output.

.DESCRIPTION
Needs the module Microsoft.Graph.Authentication, and someone who may register applications and assign app roles: Cloud
Application Administrator is enough. Running it again adds nothing that is there already; it sets the application ID URI and
the redirect URI of its applications, and those alone. It sends the requests that register.sh sends.

.EXAMPLE
./register.ps1 -ClientName 'Call reports' -PublicUrl https://calls.example > rollcall.env
#>
param(
  # The API's name in Entra.
  [ValidatePattern('^[A-Za-z0-9 ._-]+$')] [string] $Name = 'Rollcall',
  # An application or managed identity that may read calls: it gets the app role.
  [guid] $ClientId,
  # Likewise, an application that is registered if there is none of that name.
  [ValidatePattern('^[A-Za-z0-9 ._-]+$')] [string] $ClientName,
  # Where people reach Rollcall: registers the application that they sign in to.
  [ValidatePattern('^https://[A-Za-z0-9.-]+(:[0-9]+)?/?$')] [string] $PublicUrl,
  # Where its new secret is written.
  [string] $SignInSecretFile = 'rollcall-sign-in-secret',
  # The cloud, as Connect-MgGraph names it: Global, USGov, China.
  [string] $Environment = 'Global'
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

if ($ClientId -and $ClientName) { throw '-ClientId, -ClientName: one of them is enough.' }
if (-not (Get-Command Connect-MgGraph -ErrorAction SilentlyContinue)) {
  throw 'Microsoft.Graph.Authentication is not installed: Install-Module Microsoft.Graph.Authentication'
}
Connect-MgGraph -Environment $Environment -NoWelcome -Scopes 'Application.ReadWrite.All', 'AppRoleAssignment.ReadWrite.All'
$tenant = (Get-MgContext).TenantId
$authority = (Get-MgEnvironment -Name $Environment).AzureADEndpoint.TrimEnd('/')

# The app role that Rollcall asks for: one id for each kind of member, so that a second run knows it again.
$role = 'CallRecords.Read.All'
$roleOfApplications = '6b1d3c7e-2f0a-4b59-9c41-7d5e8a90f312'
$roleOfPeople = '0f9a4d26-83b7-4c1e-a6d5-1e2c7b48f053'

# One request to Microsoft Graph. What was just made is not everywhere at once.
function Invoke-Rest([string] $Method, [string] $Path, $Body) {
  $request = @{ Method = $Method; Uri = "/v1.0$Path"; OutputType = 'PSObject' }
  if ($null -ne $Body) { $request.Body = ConvertTo-Json $Body -Depth 9; $request.ContentType = 'application/json' }
  for ($attempt = 1; ; $attempt++) {
    try { return Invoke-MgGraphRequest @request }
    catch { if ($attempt -eq 6) { throw } else { Start-Sleep -Seconds 5 } }
  }
}

# The application of a name, which is registered if need be.
function Get-Registered([string] $DisplayName) {
  $found = @((Invoke-Rest GET "/applications?`$filter=displayName%20eq%20'$($DisplayName -replace ' ', '%20')'&`$select=id,appId").value)
  if ($found.Count -gt 1) { throw "Several applications are called '$DisplayName'. Rename all but one, or give another name." }
  if ($found.Count -eq 1) { return $found[0] }
  Write-Host "Registers the application '$DisplayName'."
  Invoke-Rest POST '/applications' @{ displayName = $DisplayName; signInAudience = 'AzureADMyOrg' }
}

# The object id of an application's service principal, which is made if need be.
function Get-Principal([string] $AppId) {
  $found = @((Invoke-Rest GET "/servicePrincipals?`$filter=appId%20eq%20'$AppId'&`$select=id").value)
  if ($found.Count -gt 0) { return $found[0].id }
  # The tag has the portal show it among the enterprise applications.
  (Invoke-Rest POST '/servicePrincipals' @{ appId = $AppId; tags = @('WindowsAzureActiveDirectoryIntegratedApp') }).id
}

# Defines the app role, keeps those that are there, and gives its id.
function Add-Role([string] $ObjectId, [string] $RoleId, [string] $Members, [string] $Description) {
  $roles = @((Invoke-Rest GET "/applications/${ObjectId}?`$select=appRoles").appRoles)
  $defined = @($roles | Where-Object { $_.value -eq $role })
  if ($defined.Count -gt 0) { return $defined[0].id }
  $new = @{ id = $RoleId; value = $role; displayName = $role; description = $Description; allowedMemberTypes = @($Members); isEnabled = $true }
  Invoke-Rest PATCH "/applications/$ObjectId" @{ appRoles = @($roles) + @($new) } | Out-Null
  $RoleId
}

$api = Get-Registered $Name
Invoke-Rest PATCH "/applications/$($api.id)" @{ identifierUris = @("api://$($api.appId)"); api = @{ requestedAccessTokenVersion = 2 } } | Out-Null
$roleId = Add-Role $api.id $roleOfApplications 'Application' 'Read all call records'
$apiPrincipal = Get-Principal $api.appId

$client = if ($ClientName) { (Get-Registered $ClientName).appId } elseif ($ClientId) { "$ClientId" } else { $null }
if ($client) {
  $clientPrincipal = Get-Principal $client
  $assigned = @((Invoke-Rest GET "/servicePrincipals/$clientPrincipal/appRoleAssignments").value |
      Where-Object { $_.resourceId -eq $apiPrincipal -and $_.appRoleId -eq $roleId })
  if ($assigned.Count -eq 0) {
    Invoke-Rest POST "/servicePrincipals/$clientPrincipal/appRoleAssignments" @{ principalId = $clientPrincipal; resourceId = $apiPrincipal; appRoleId = $roleId } | Out-Null
  }
  Write-Host "The application $client may read calls. It asks for tokens with the scope api://$($api.appId)/.default."
}

"# Settings of rollcall serve, by deploy/entra/register.ps1."
"ROLLCALL_AUTHORITY=$authority/$tenant/v2.0"
"ROLLCALL_AUDIENCE=api://$($api.appId),$($api.appId)"
"ROLLCALL_ALLOWED_TENANTS=$tenant"

if ($PublicUrl) {
  $public = $PublicUrl.TrimEnd('/')
  $page = Get-Registered "$Name sign-in"
  Invoke-Rest PATCH "/applications/$($page.id)" @{ web = @{ redirectUris = @("$public/rollcall/sign-in/callback") } } | Out-Null
  Add-Role $page.id $roleOfPeople 'User' 'See all calls' | Out-Null
  $pagePrincipal = Get-Principal $page.appId
  Invoke-Rest PATCH "/servicePrincipals/$pagePrincipal" @{ appRoleAssignmentRequired = $true } | Out-Null
  if (-not (Test-Path $SignInSecretFile)) {
    $secret = (Invoke-Rest POST "/applications/$($page.id)/addPassword" @{ passwordCredential = @{ displayName = 'rollcall' } }).secretText
    New-Item -ItemType File -Path $SignInSecretFile | Out-Null
    if (-not $IsWindows) { chmod 600 $SignInSecretFile }
    Set-Content -Path $SignInSecretFile -Value $secret
    Write-Host "The secret of '$Name sign-in' is in $SignInSecretFile. It ends after two years."
  }
  Write-Host "Assign the role to people: Enterprise applications, '$Name sign-in', Users and groups."
  "ROLLCALL_PUBLIC_URL=$public"
  "ROLLCALL_SIGN_IN_CLIENT_ID=$($page.appId)"
  "ROLLCALL_SIGN_IN_CLIENT_SECRET_FILE=$SignInSecretFile"
}
