<#
.SYNOPSIS
    Mails a report of the largest mailboxes to the people who look after them.

.DESCRIPTION
    Collects size, item count and quota of every user mailbox, marks those that come close to their
    quota, writes a CSV file beside the script and sends the table as HTML.

.PARAMETER To
    Who gets the report.

.PARAMETER Top
    How many mailboxes the report shows.

.PARAMETER WarnPercent
    From how many percent of the quota on a mailbox is marked.

.EXAMPLE
    .\mailbox_size_mail.ps1 -To postmaster@contoso.com -Top 25

.NOTES
    Version 1.4
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory = $false)]
    [string[]]$To = @('postmaster@contoso.com'),

    [string]$From = 'exchange-reports@contoso.com',

    [ValidateRange(1, 500)]
    [int]$Top = 10,

    [int]$WarnPercent = 80,

    [string]$SmtpServer = 'smtp.contoso.com',

    [switch]$NoMail
)

#region functions
function ConvertTo-Bytes {
    param($Size)

    # "1.5 GB (1,610,612,736 bytes)"
    if ($null -eq $Size -or "$Size" -eq 'Unlimited') { return $null }
    $text = $Size.ToString()
    if ($text -match '\(([\d,]+) bytes\)') {
        return [int64]($Matches[1] -replace ',', '')
    }
    return 0
}

function Get-Rating {
    param(
        [double]$Percent,
        [int]$Warn
    )
    switch ($Percent) {
        { $_ -ge 100 }   { return 'full' }
        { $_ -ge $Warn } { return 'warning' }
        default          { return 'ok' }
    }
}
#endregion

$started = Get-Date
$rows = @()
$failed = 0

$mailboxes = Get-Mailbox -ResultSize Unlimited -RecipientTypeDetails UserMailbox | Sort-Object DisplayName
$count = 0
foreach ($mailbox in $mailboxes) {
    $count++
    $percent = [math]::Round(($count / $mailboxes.Count) * 100)
    Write-Progress -Activity 'Reading mailbox statistics' -Status $mailbox.DisplayName -PercentComplete $percent

    try {
        $statistics = Get-MailboxStatistics -Identity $mailbox.Identity -ErrorAction Stop
    }
    catch {
        Write-Warning "No statistics for $($mailbox.DisplayName): $($_.Exception.Message)"
        $failed++
        continue
    }

    $bytes = ConvertTo-Bytes $statistics.TotalItemSize
    $quota = ConvertTo-Bytes $mailbox.ProhibitSendQuota
    if ($quota) {
        $used = [math]::Round($bytes / $quota * 100, 1)
    } else {
        $used = $null
    }

    $rows += [PSCustomObject]@{
        'Display name' = $mailbox.DisplayName
        Address        = $mailbox.PrimarySmtpAddress
        Database       = $mailbox.Database
        Items          = $statistics.ItemCount
        'Size (MB)'    = [math]::Round($bytes / 1MB, 2)
        'Used %'       = $used
        Rating         = if ($used) { Get-Rating -Percent $used -Warn $WarnPercent } else { 'no quota' }
    }
}
Write-Progress -Activity 'Reading mailbox statistics' -Completed

$rows = $rows | Sort-Object 'Size (MB)' -Descending
$rows | Export-Csv -Path '.\MailboxSizes.csv' -NoTypeInformation -Encoding UTF8

# The total, and the mean
$sum = ($rows | Measure-Object -Property 'Size (MB)' -Sum -Average)
$summary = "{0} mailboxes, {1:N0} MB in all, {2:N1} MB on average, {3} without statistics" -f $rows.Count, $sum.Sum, $sum.Average, $failed
Write-Host $summary -ForegroundColor Cyan

$style = @"
<style>
  body  { font-family: Segoe UI, sans-serif; font-size: 10pt; }
  th    { background-color: #0078d4; color: white; }
  td,th { border: 1px solid #cccccc; padding: 4px; }
</style>
"@

$body = $rows | Select-Object -First $Top |
    ConvertTo-Html -Head $style -PreContent "<h2>The $Top largest mailboxes</h2>" -PostContent "<p>$summary</p>" |
    Out-String

$body | Out-File -FilePath '.\MailboxSizes.html' -Encoding UTF8

if (-not $NoMail) {
    $mail = @{
        To         = $To
        From       = $From
        Subject    = "Mailbox sizes of $($started.ToString('yyyy-MM-dd'))"
        Body       = $body
        BodyAsHtml = $true
        SmtpServer = $SmtpServer
    }
    Send-MailMessage @mail
}

$rows | Select-Object -First $Top | Format-Table -AutoSize
