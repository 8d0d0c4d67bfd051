Get-Mailbox -ResultSize Unlimited -Filter {CustomAttribute1 -eq 'x'} |
    Where-Object { $_.RecipientTypeDetails -eq 'UserMailbox' -and $_.Alias -notlike 'admin*' } |
    Sort-Object -Property DisplayName -Descending |
    Select-Object DisplayName, @{ n = 'Size'; e = { (Get-MailboxStatistics $_).TotalItemSize } } -First 10 |
    Export-Csv .\report.csv -NoTypeInformation
$byOffice = Get-User | Group-Object Office | Sort-Object Count
$sum = (Get-MailboxStatistics -Server ex01 | Measure-Object ItemCount -Sum).Sum
Get-Mailbox | where Name -like 'a*' | select -ExpandProperty Name
Get-Mailbox alice | Set-Mailbox -EmailAddresses @{Add='a@contoso.com'} -Confirm:$false
Get-Mailbox -Ident alice -Err SilentlyContinue
1..3 | % { $_ * 2 }
