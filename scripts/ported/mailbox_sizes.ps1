# The ten largest mailboxes, with their size in GB.
param([int]$Top = 10)

$report = foreach ($mailbox in Get-Mailbox -ResultSize Unlimited) {
    $statistics = Get-MailboxStatistics $mailbox.Identity
    [PSCustomObject]@{
        Name  = $mailbox.DisplayName
        Items = $statistics.ItemCount
        # "1.5 GB (1,610,612,736 bytes)": the bytes are between the parentheses
        GB    = [math]::Round(($statistics.TotalItemSize.ToString().Split('(')[1].Split(' ')[0] -replace ',') / 1GB, 2)
    }
}
$report | Sort-Object GB -Descending | Select-Object -First $Top | Format-Table -AutoSize
