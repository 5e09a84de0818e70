<#
.SYNOPSIS
Registers Rollcall with Microsoft Entra and prints the environment file of `rollcall serve`.

.DESCRIPTION
Needs the module Microsoft.Graph.Authentication and a user who may register applications and assign app roles, such as a Cloud
Application Administrator. A second run adds nothing that exists; it sets the application ID URI and the redirect URI of its
applications again. It sends the same requests as register.sh.

.EXAMPLE
./register.ps1 -ClientName 'Call reports' -PublicUrl https://calls.example > rollcall.env
#>
param(
  # Name of the API in Entra.
  [ValidatePattern('^[A-Za-z0-9 ._-]+$')] [string] $Name = 'Rollcall',
  # Application or managed identity that may read calls: gets the app role.
  [guid] $ClientId,
  # The same, for an application that is registered if none has this name.
  [ValidatePattern('^[A-Za-z0-9 ._-]+$')] [string] $ClientName,
  # Address of the page: registers the application that people sign in with.
  [ValidatePattern('^https://[A-Za-z0-9.-]+(:[0-9]+)?/?$')] [string] $PublicUrl,
  # File for the new secret of that application.
  [string] $SignInSecretFile = 'rollcall-sign-in-secret',
  # Name of the cloud for Connect-MgGraph: Global, USGov, China.
  [string] $Environment = 'Global'
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

if ($ClientId -and $ClientName) { throw '-ClientId, -ClientName: one of them is expected, not both.' }
if (-not (Get-Command Connect-MgGraph -ErrorAction SilentlyContinue)) {
  throw 'Microsoft.Graph.Authentication is not installed. Run: Install-Module Microsoft.Graph.Authentication'
}
Connect-MgGraph -Environment $Environment -NoWelcome -Scopes 'Application.ReadWrite.All', 'AppRoleAssignment.ReadWrite.All'
$tenant = (Get-MgContext).TenantId
$authority = (Get-MgEnvironment -Name $Environment).AzureADEndpoint.TrimEnd('/')

# The app role that Rollcall requires. Each kind of member has a fixed role ID, so that a second run recognizes the role.
$role = 'CallRecords.Read.All'
$roleOfApplications = '6b1d3c7e-2f0a-4b59-9c41-7d5e8a90f312'
$roleOfPeople = '0f9a4d26-83b7-4c1e-a6d5-1e2c7b48f053'

# Sends a request to Microsoft Graph. Retries, because a new object is not visible everywhere at once.
function Invoke-Rest([string] $Method, [string] $Path, $Body) {
  $request = @{ Method = $Method; Uri = "/v1.0$Path"; OutputType = 'PSObject' }
  if ($null -ne $Body) { $request.Body = ConvertTo-Json $Body -Depth 9; $request.ContentType = 'application/json' }
  for ($attempt = 1; ; $attempt++) {
    try { return Invoke-MgGraphRequest @request }
    catch { if ($attempt -eq 6) { throw } else { Start-Sleep -Seconds 5 } }
  }
}

# Returns the application with this name. Registers it if it does not exist.
function Get-Registered([string] $DisplayName) {
  $found = @((Invoke-Rest GET "/applications?`$filter=displayName%20eq%20'$($DisplayName -replace ' ', '%20')'&`$select=id,appId").value)
  if ($found.Count -gt 1) { throw "Several applications are called '$DisplayName'. Rename all but one, or give another name." }
  if ($found.Count -eq 1) { return $found[0] }
  Write-Host "Registering the application '$DisplayName'."
  Invoke-Rest POST '/applications' @{ displayName = $DisplayName; signInAudience = 'AzureADMyOrg' }
}

# Returns the object ID of the service principal of an application. Creates it if it does not exist.
function Get-Principal([string] $AppId) {
  $found = @((Invoke-Rest GET "/servicePrincipals?`$filter=appId%20eq%20'$AppId'&`$select=id").value)
  if ($found.Count -gt 0) { return $found[0].id }
  # With this tag the portal lists it under Enterprise applications.
  (Invoke-Rest POST '/servicePrincipals' @{ appId = $AppId; tags = @('WindowsAzureActiveDirectoryIntegratedApp') }).id
}

# Adds the app role to those that exist, and returns its ID.
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
  Write-Host "The application $client may read calls. Its scope for tokens is api://$($api.appId)/.default."
}

"# Settings of rollcall serve, written by deploy/entra/register.ps1."
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
    Write-Host "Wrote the secret of '$Name sign-in' to $SignInSecretFile. It expires in two years."
  }
  Write-Host "Assign the role to people in the Entra admin center: Enterprise applications, '$Name sign-in', Users and groups."
  "ROLLCALL_PUBLIC_URL=$public"
  "ROLLCALL_SIGN_IN_CLIENT_ID=$($page.appId)"
  "ROLLCALL_SIGN_IN_CLIENT_SECRET_FILE=$SignInSecretFile"
}
