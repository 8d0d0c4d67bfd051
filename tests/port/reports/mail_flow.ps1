#Requires -Version 3.0
# Mail flow of the last days: messages by day, by sender, by status.
# Usage: .\mail_flow.ps1 -Days 2 [-Sender alice@contoso.com]

Param(
    [int]$Days = 2,
    [string]$Sender,
    [int]$TopSenders = 5,
    [string]$ReportPath = '.'
)

$ErrorActionPreference = 'Stop'

$StartDate = (Get-Date).AddDays(-$Days)
$EndDate   = Get-Date
$Messages  = [System.Collections.Generic.List[Object]]::new()

$Parameters = @{
    StartDate = $StartDate
    EndDate   = $EndDate
}
if ($Sender) { $Parameters.SenderAddress = $Sender }

# Pages of a thousand, until a page is not full
$Page = 1
do {
    Write-Verbose "page $Page"
    [array]$CurrentMessages = Get-MessageTrace @Parameters -PageSize 1000 -Page $Page
    $Page++
    foreach ($Message in $CurrentMessages) {
        $Messages.Add([PSCustomObject][Ordered]@{
            Received  = $Message.Received
            Day       = Get-Date $Message.Received -Format 'yyyy-MM-dd'
            Sender    = $Message.SenderAddress.ToLower()
            Domain    = $Message.SenderAddress.Split('@')[1]
            Recipient = $Message.RecipientAddress
            Subject   = $Message.Subject
            Status    = $Message.Status
            SizeKB    = [math]::Round($Message.Size / 1KB, 1)
        })
    }
} while ($CurrentMessages.Count -eq 1000)

if ($Messages.Count -eq 0) {
    Write-Host "No messages between $StartDate and $EndDate"
    exit 0
}

Write-Host ('{0} messages from {1:d} to {2:d}' -f $Messages.Count, $StartDate, $EndDate) -ForegroundColor Yellow

Write-Host "`nBy day"
$Messages | Group-Object Day | Sort-Object Name | ForEach-Object {
    $total = ($_.Group | Measure-Object SizeKB -Sum).Sum
    '{0}  {1,6} messages  {2,10:N1} KB' -f $_.Name, $_.Count, $total
}

Write-Host "`nBy status"
$byStatus = @{}
foreach ($m in $Messages) {
    if ($byStatus.ContainsKey($m.Status)) { $byStatus[$m.Status] += 1 }
    else { $byStatus[$m.Status] = 1 }
}
foreach ($key in ($byStatus.Keys | Sort-Object)) {
    $share = $byStatus[$key] / $Messages.Count
    "{0,-20}{1,6}  {2:P1}" -f $key, $byStatus[$key], $share
}

Write-Host "`nBy sender"
$Messages |
    Group-Object -Property Sender |
    Select-Object @{Name = 'Sender'; Expression = { $_.Name } },
                  @{Name = 'Messages'; Expression = { $_.Count } },
                  @{Name = 'Failed'; Expression = { @($_.Group | Where-Object { $_.Status -eq 'Failed' }).Count } } |
    Sort-Object @{ Expression = 'Messages'; Descending = $true }, @{ Expression = 'Sender'; Ascending = $true } |
    Select-Object -First $TopSenders |
    Format-Table -AutoSize

$domains = $Messages | Select-Object -ExpandProperty Domain | Sort-Object -Unique
Write-Host "Sender domains: $($domains -join '; ')"

$file = Join-Path $ReportPath ("MailFlow-{0:yyyyMMdd}.csv" -f $EndDate)
$Messages | Export-Csv $file -NoTypeInformation
if (Test-Path $file) {
    $lines = @(Import-Csv $file).Count
    Write-Host "$lines lines in $file"
}
