<#
.SYNOPSIS
  Shows what the usual statements become.
#>
#Requires -Version 5.1
[CmdletBinding()]
param(
    [Parameter(Mandatory)][string]$Department,
    [int]$Days = 30,
    [switch]$Force
)

$ErrorActionPreference = 'Stop'
$since = (Get-Date).AddDays(-$Days)   # a trailing comment
$names = @('alice', 'bob')
$names += 'carol'
$table = @{ alice = 1; 'bob b' = 2 }
$text = "Since $($since.Year), in $Department"

if ($Days -gt 10 -and $text -like 'Since*') {
    Write-Host $text -ForegroundColor Green
} elseif (-not $Force) {
    Write-Warning "nothing to do"
} else {
    exit 2
}

for ($i = 0; $i -lt $names.Count; $i++) {
    if ($names[$i] -eq 'bob') { continue }
    "$i $($names[$i].ToUpper())"
}

$n = 0
while ($true) {
    $n++
    if ($n -ge 3) { break }
}

switch ($Department) {
    'Sales' { 'selling' }
    { $_ -match '^IT' } { 'computers' }
    default { 'other' }
}

try {
    Get-Mailbox nobody -ErrorAction Stop
} catch [System.FormatException] {
    'format'
} catch {
    Write-Host "failed: $($_.Exception.Message)"
} finally {
    Write-Host 'done'
}
Add-Type -AssemblyName System.Web
if (($left = $names.Count - 1) -gt 0) {
    $left
}
while (--$n -gt 0) { $n }
