# Make a shared mailbox and let the people of a group read it.
param([string]$Name = 'Front Desk', [string[]]$Readers = @('alice', 'bob'))

try {
    New-Mailbox -Name $Name -Shared -ErrorAction Stop | Out-Null
    Write-Host "made $Name"
}
catch {
    Write-Host "could not make ${Name}: $($_.Exception.Message)"
}
foreach ($reader in $Readers) {
    Add-MailboxPermission $Name -User $reader -AccessRights FullAccess | Out-Null
}
(Get-Mailbox $Name).RecipientTypeDetails
Get-MailboxPermission $Name | Where-Object { $_.User -notlike 'NT AUTHORITY*' } | Select-Object User, AccessRights
