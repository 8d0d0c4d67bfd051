# What is carried over and wants a person's eye.
Get-Mailbx alice
Get-Mailbox -Identiti alice
& $cmdlet -Identity alice
Get-Service MSExchangeTransport
Get-Mailbox alice 3>&1
Get-Mailbox $whoever
. .\Functions.ps1
Get-LargeMailbox -Size 10GB
.\Monthly.ps1 -Month 5
1..3 | ForEach-Object -Parallel { $_ } -ThrottleLimit 2
[PSCustomObject]@{ Rule = { $_.IsShared } }
:outer foreach ($a in 1..3) {
    foreach ($b in 1..3) { if ($b -eq 2) { continue $label } }
}
