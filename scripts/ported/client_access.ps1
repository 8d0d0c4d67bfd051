# Switch POP and IMAP off where they are on.
$open = Get-CASMailbox -ResultSize Unlimited | Where-Object { $_.PopEnabled -or $_.ImapEnabled }
Write-Host "$(@($open).Count) mailboxes allow POP or IMAP"
foreach ($mailbox in $open | Select-Object -First 3) {
    Set-CASMailbox $mailbox.Identity -PopEnabled $false -ImapEnabled $false
}
$left = Get-CASMailbox -ResultSize Unlimited | Where-Object { $_.PopEnabled -or $_.ImapEnabled }
Write-Host "$(@($open).Count - @($left).Count) switched off"
