<#
.SYNOPSIS
    Sorts mailboxes into buckets by name and kind, and shows what would be written to CustomAttribute1.
#>
param(
    [switch]$Fix,
    [ValidateRange(1, 50)][int]$Max = 5
)

$i = 0
foreach ($m in (Get-Mailbox -ResultSize $Max)) {
    # the first letter decides
    switch -Wildcard ($m.DisplayName) {
        "A*"     { $bucket = "A"; break }
        "[b-m]*" { $bucket = "B-M" }
        default  { $bucket = "rest" }
    }
    switch -Regex ($m.PrimarySmtpAddress) {
        '^(?<local>[^@]+)@(?<domain>.+)$' { $local = $Matches['local']; $domain = $Matches.domain }
    }
    switch ($m.RecipientTypeDetails) {
        { $_ -in 'UserMailbox', 'LinkedMailbox' } { $kind = 'user' }
        'SharedMailbox' { $kind = 'shared' }
        'RoomMailbox'   { $kind = 'room' }
        Default         { $kind = "other ($_)" }
    }
    "{0,3}. {1,-20} {2,-8} {3} {4}@{5}" -f ++$i, $m.DisplayName, $bucket, $kind, $local, $domain
    if ($Fix.IsPresent -and $m.CustomAttribute1 -ne $bucket) {
        Set-Mailbox $m.Alias -CustomAttribute1 $bucket -WhatIf
    }
}

# the first four cells of a small grid, to see labels at work
:rows for ($r = 0; $r -lt 3; $r++) {
    for ($c = 0; $c -lt 3; $c++) {
        if ($c -eq 2) { continue rows }
        if ($r -eq 2) { break rows }
        Write-Host "$r/$c " -NoNewline
    }
}
Write-Host
