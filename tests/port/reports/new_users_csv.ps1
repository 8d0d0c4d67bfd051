<#
.SYNOPSIS
    Makes mailboxes from a CSV file, with checks before and a protocol after.
.EXAMPLE
    .\new_users_csv.ps1 -Path .\users.csv -WhatIf
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [string]$Path = '.\users.csv',
    [string]$Domain = 'contoso.com'
)

$VerbosePreference = 'Continue'

if (-not (Test-Path -LiteralPath $Path)) {
    # An example to begin with
    @'
FirstName,LastName,Department,Groups
Ada,Lovelace,Research,
Grace,Hopper,Navy,"Sales;All Staff"
Alice,Archer,Sales,
,Nobody,None,
'@ | Set-Content -Path $Path
}

function New-RandomPassword {
    param([int]$Length = 16)
    $chars = [char[]](65..90) + [char[]](97..122) + [char[]](48..57)
    -join ($chars | Get-Random -Count $Length)
}

function Get-FreeAlias {
    param([string]$First, [string]$Last)
    $base = ('{0}.{1}' -f $First, $Last).ToLower() -replace '[^a-z\.]', ''
    $alias = $base
    $i = 1
    while (Get-Recipient -Identity $alias -ErrorAction SilentlyContinue) {
        $i++
        $alias = "$base$i"
        if ($i -gt 9) { throw "no free alias for $base" }
    }
    $alias
}

$protocol = @()
$line = 1
foreach ($row in (Import-Csv -Path $Path)) {
    $line++
    $status = 'created'
    $note = $null
    $alias = $null

    if ([string]::IsNullOrEmpty($row.FirstName) -or [string]::IsNullOrEmpty($row.LastName)) {
        Write-Warning "line ${line}: a name is missing"
        $protocol += [pscustomobject]@{ Line = $line; Name = $row.LastName; Alias = ''; Status = 'skipped'; Note = 'name' }
        continue
    }

    $name = "$($row.FirstName) $($row.LastName)"
    try {
        $alias = Get-FreeAlias $row.FirstName $row.LastName
        $password = ConvertTo-SecureString (New-RandomPassword) -AsPlainText -Force
        $splat = @{
            Name               = $name
            Alias              = $alias
            FirstName          = $row.FirstName
            LastName           = $row.LastName
            UserPrincipalName  = "$alias@$Domain"
            Password           = $password
            ErrorAction        = 'Stop'
        }
        $new = New-Mailbox @splat
        Write-Verbose "made $($new.Alias)"
        if ($row.Department) { Set-User -Identity $alias -Department $row.Department }

        foreach ($group in $row.Groups -split ';' | Where-Object { $_ }) {
            try {
                Add-DistributionGroupMember -Identity $group -Member $alias -ErrorAction Stop
            } catch {
                $note += "$group missing; "
            }
        }
    }
    catch {
        $status = 'failed'
        $note = $_.Exception.Message
    }
    finally {
        $protocol += [pscustomobject]@{ Line = $line; Name = $name; Alias = $alias; Status = $status; Note = $note }
    }
}

$protocol | Format-Table Line, Name, Alias, Status -AutoSize
$protocol | Export-Csv '.\protocol.csv' -NoTypeInformation -Force
$protocol | Group-Object Status | ForEach-Object { Write-Host ("{0,-10}{1}" -f $_.Name, $_.Count) }
if ($protocol.Status -contains 'failed') { exit 1 }
