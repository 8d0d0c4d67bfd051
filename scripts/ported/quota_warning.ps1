# Give a warning quota to mailboxes that are larger than a limit.
$limit = 1GB
$changed = 0
foreach ($mailbox in Get-Mailbox -ResultSize Unlimited) {
    $size = (Get-MailboxStatistics $mailbox.Identity).TotalItemSize
    if ($size.ToString() -match '\(([\d,]+) bytes\)') {
        $bytes = [long]($Matches[1] -replace ',', '')
        if ($bytes -gt $limit) {
            Set-Mailbox $mailbox.Identity -IssueWarningQuota 2GB -ProhibitSendQuota 3GB -UseDatabaseQuotaDefaults $false
            $changed++
        }
    }
}
Write-Host "quotas set for $changed mailboxes"
