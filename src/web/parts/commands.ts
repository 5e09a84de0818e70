/** Writes the commands that send a request of the page without the page and print all of its pages as one JSON text. */

export interface CommandRequest {
  readonly url: string;
  readonly prefer?: string | undefined;
  /** True for a list, whose pages have next links. */
  readonly isList: boolean;
}

/**
 * Matches the next link within the members before `"value":[`, where the server writes it. A quote in a JSON string has a
 * backslash before it, so neither pattern matches within a name, and what follows `"value":[` is not searched.
 */
const nextLink = String.raw`"@odata\.nextLink":"\([^"]*\)"`;
const nextLinkInPowershell = String.raw`"@odata\.nextLink":"([^"]*)"`;

/** Returns a command for a POSIX shell with curl and sed. The user inserts the token, because the page has none. */
export function shellCommand({ url, prefer, isList }: CommandRequest): string {
  const curl = (target: string, indent: string) =>
    [
      // -g: brackets in a URL are no ranges. -f: a refusal is an error and not a page.
      'curl -gsSf --compressed',
      '-H "Authorization: Bearer $TOKEN"',
      ...(prefer === undefined ? [] : [`-H ${quoted(`Prefer: ${prefer}`)}`]),
      target,
    ].join(` \\\n${indent}  `);
  if (!isList) return curl(quoted(url), '');
  // In a subshell, so that `exit` ends the command and not the user's shell. A page may be empty and have a next link.
  return `(
  next=${quoted(url)} before=
  while [ -n "$next" ]; do
    page=$(${curl('"$next"', '    ')}) || exit 1
    head=\${page%%'"value":['*}
    rows=\${page#*'"value":['}
    rows=\${rows%']}'}
    next=$(printf '%s\\n' "$head" | sed -n 's/.*${nextLink}.*/\\1/p')
    [ -n "$before" ] || before=$(printf '%s"value":[\\n' "$head" | sed 's/${nextLink},//')
    [ -z "$rows" ] || { printf '%s' "$before$rows"; before=,; }
  done
  [ "$before" = , ] || printf '%s' "$before"
  echo ']}'
)`;
}

/**
 * Returns a command for PowerShell 5.1 and later. It decodes the bytes itself, because PowerShell 5.1 takes JSON without
 * a charset for Latin-1.
 */
export function powershellCommand({ url, prefer, isList }: CommandRequest): string {
  const headers = [
    'Authorization = "Bearer $env:TOKEN"',
    ...(prefer === undefined ? [] : [`Prefer = ${quotedInPowershell(prefer)}`]),
  ].join('; ');
  const request = (target: string) => `Invoke-WebRequest -UseBasicParsing -Uri ${target} -Headers $headers`;
  const text = '[Text.Encoding]::UTF8.GetString($answer.RawContentStream.ToArray())';
  if (!isList) return `$headers = @{ ${headers} }\n$answer = ${request(quotedInPowershell(url))}\n${text}`;
  // In a block, so that the preference ends with it. Without the preference, a refusal would be repeated for ever.
  return `& {
  $ErrorActionPreference = 'Stop'
  $headers = @{ ${headers} }
  $next = ${quotedInPowershell(url)}
  $before = $null
  $rows = while ($next) {
    $answer = ${request('$next')}
    $head, $rest = ${text} -split '"value":\\[', 2
    if (-not $before) { $before = $head -replace '${nextLinkInPowershell},' }
    $next = if ($head -match '${nextLinkInPowershell}') { $Matches[1] }
    if ($rest.Length -gt 2) { $rest.Substring(0, $rest.Length - 2) }
  }
  $before + '"value":[' + ($rows -join ',') + ']}'
}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** Quotes a text for PowerShell, where typographic single quotes also end a text. */
function quotedInPowershell(text: string): string {
  return `'${text.replaceAll(/['‘’‚‛]/g, '$&$&')}'`;
}
