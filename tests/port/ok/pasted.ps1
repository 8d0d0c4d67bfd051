[PS] C:\>Get-Mailbox -ResultSize 10 |
>> Where-Object {$_.IsShared} |
>> ft Name, Alias
PS C:\> Set-Mailbox –Identity “Anna Berg” -DisplayName ‘Anna B.’
[PS] C:\Windows\system32>Get-MailboxStatistics -Identity <user> | fl DisplayName, ItemCount
