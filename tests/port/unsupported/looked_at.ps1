# What is carried over and wants a person's eye.
Get-Mailbx alice
Get-Mailbox -Identiti alice
& $cmdlet -Identity alice
Get-Service MSExchangeTransport
Get-Mailbox alice 3>&1
Get-Mailbox $whoever
