# The largest folders of a mailbox.
param([string]$Mailbox = 'alice')

Get-MailboxFolderStatistics $Mailbox |
    Where-Object { $_.ItemsInFolder -gt 0 } |
    Sort-Object ItemsInFolder -Descending |
    Select-Object -First 5 -Property Name, ItemsInFolder |
    Format-Table -AutoSize
