# All addresses of some mailboxes, the primary one first.
function Get-Address($Mailbox) {
    $primary = $Mailbox.EmailAddresses | Where-Object { $_ -clike 'SMTP:*' }
    $others = $Mailbox.EmailAddresses | Where-Object { $_ -clike 'smtp:*' } | Sort-Object
    @($primary) + @($others) | ForEach-Object { $_ -replace '^smtp:', '' }
}

foreach ($mailbox in Get-Mailbox -ResultSize 5 | Sort-Object Alias) {
    "$($mailbox.Alias): $((Get-Address $mailbox) -join ', ')"
}
