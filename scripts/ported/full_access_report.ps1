# Who besides the owner can open a mailbox?
$rows = @()
foreach ($mailbox in Get-Mailbox -ResultSize 20 | Sort-Object Alias) {
    $others = Get-MailboxPermission $mailbox.Identity |
        Where-Object { $_.AccessRights -contains 'FullAccess' -and $_.User -notlike 'NT AUTHORITY\*' -and -not $_.Deny }
    foreach ($entry in $others) {
        $rows += [PSCustomObject]@{ Mailbox = $mailbox.Alias; User = $entry.User }
    }
}
if ($rows.Count -eq 0) { Write-Host 'Only the owners.' } else { $rows | Format-Table }
