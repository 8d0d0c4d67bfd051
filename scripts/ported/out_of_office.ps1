# Switch on the automatic reply of a mailbox, and show what it says.
param(
    [string]$Mailbox = 'alice',
    [ValidateSet('Enabled', 'Disabled')][string]$State = 'Enabled'
)

$text = "Thank you for your message. I am back on $((Get-Date).AddDays(7).ToString('dddd', [cultureinfo]'en-US'))."
Set-MailboxAutoReplyConfiguration $Mailbox -AutoReplyState $State -InternalMessage $text -ExternalMessage $text
$reply = Get-MailboxAutoReplyConfiguration $Mailbox
Write-Host "$Mailbox is $($reply.AutoReplyState)"
