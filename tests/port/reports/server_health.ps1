<#
  .SYNOPSIS
  Databases, queues and health of the organization on one HTML page.
#>
param(
    [string]$File = '.\health.html',
    [int]$QueueWarning = 10,
    [switch]$Show
)

Set-StrictMode -Version Latest
$script:problems = New-Object System.Collections.ArrayList
$sections = [ordered]@{}

function Add-Problem {
    param([Parameter(Mandatory)][string]$Area, [Parameter(Mandatory)][string]$Text)
    $null = $script:problems.Add([pscustomobject]@{ Area = $Area; Text = $Text; Time = (Get-Date -Format 'HH:mm') })
}

function ConvertTo-Section {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true, ValueFromPipeline = $true)]
        $InputObject,
        [string]$Title = 'Section'
    )
    begin { $all = @() }
    process { $all += $InputObject }
    end {
        $html = $all | ConvertTo-Html -Fragment
        "<h3>$Title</h3>" + "`r`n" + ($html -join "`r`n")
    }
}

# Databases
try {
    $databases = Get-MailboxDatabase -Status -ErrorAction Stop
    foreach ($db in $databases) {
        if ($db.Mounted -ne $true) {
            Add-Problem -Area 'Database' -Text "$($db.Name) is not mounted"
        }
    }
    $sections['Databases'] = $databases | Select-Object Name, Server, Mounted, DatabaseSize | ConvertTo-Section -Title 'Databases'
}
catch {
    Add-Problem -Area 'Database' -Text $_.Exception.Message
}

# Queues
try {
    $queues = @(Get-Queue -ErrorAction Stop)
    $long = $queues | Where-Object -FilterScript { $_.MessageCount -ge $QueueWarning }
    foreach ($queue in $long) {
        Add-Problem 'Queue' ('{0}: {1} messages' -f $queue.Identity, $queue.MessageCount)
    }
    $sections['Queues'] = $queues |
        Select-Object Identity, Status, MessageCount, NextHopDomain |
        ConvertTo-Section -Title 'Queues'
}
catch [System.Exception] {
    Add-Problem -Area 'Queue' -Text "$_"
}
finally {
    Write-Verbose 'queues done'
}

# Health sets
$health = Get-ServerHealth -Identity EX01 -ErrorAction SilentlyContinue
if ($health) {
    $bad = $health | Where { $_.AlertValue -ne 'Healthy' }
    $bad | ForEach-Object { Add-Problem -Area 'Health' -Text ("{0} on {1}" -f $_.HealthSetName, $_.Server) }
    $sections['Health'] = $health |
        Group-Object HealthSetName |
        Select-Object Name, Count |
        Sort-Object Name |
        ConvertTo-Section -Title 'Health sets'
}

$head = @'
<style>
h1 { color: #333 }
table { border-collapse: collapse }
td { border: 1px solid silver; padding: 2px 6px }
</style>
'@
$color = if ($problems.Count) { 'red' } else { 'green' }
$title = "Exchange health, $(Get-Date -Format D)"
$html  = "<html><head><title>$title</title>$head</head><body><h1 style='color:$color'>$title</h1>"
if ($problems.Count -gt 0) {
    $html += '<ul>'
    $problems | ForEach-Object { $html += "<li>$($_.Area): $($_.Text)</li>" }
    $html += '</ul>'
}
foreach ($name in $sections.Keys) { $html += $sections[$name] }
$html += '</body></html>'
$html | Out-File $File -Encoding utf8

"{0} problem(s), {1} section(s), {2} characters" -f $problems.Count, $sections.Count, (Get-Content $File -Raw).Length
$problems | Sort-Object Area, Text | Format-Table Area, Text -AutoSize
if ($Show) { Invoke-Item $File }
