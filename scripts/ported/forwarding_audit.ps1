# Which mailboxes send their mail elsewhere?
$mailboxes = Get-Mailbox -ResultSize Unlimited
$forwarding = $mailboxes | Where-Object { $_.ForwardingAddress -or $_.ForwardingSmtpAddress }

if (-not $forwarding) {
    Write-Host 'Nobody forwards mail.' -ForegroundColor Green
    return
}
$forwarding |
    Sort-Object Alias |
    Select-Object Alias,
        @{ Name = 'Target'; Expression = { if ($_.ForwardingAddress) { $_.ForwardingAddress } else { $_.ForwardingSmtpAddress } } },
        @{ Name = 'KeepsCopy'; Expression = { $_.DeliverToMailboxAndForward } } |
    Format-Table -AutoSize
