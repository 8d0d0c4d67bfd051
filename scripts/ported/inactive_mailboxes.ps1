# Mailboxes that nobody has used for some time.
param([int]$Days = 30)

$limit = (Get-Date).AddDays(-$Days)
$count = 0
Get-Mailbox -ResultSize Unlimited | Sort-Object DisplayName | ForEach-Object {
    $last = (Get-MailboxStatistics $_.Identity).LastLogonTime
    if ($null -eq $last) {
        Write-Host "$($_.DisplayName): never"
        $count++
    }
    elseif ($last -lt $limit) {
        Write-Host "$($_.DisplayName): $($last.ToString('yyyy-MM-dd'))"
        $count++
    }
}
Write-Host "$count mailboxes have not been used for $Days days"
