# An outside contact, unless it is there already.
$address = 'partner@fabrikam.com'
$found = Get-MailContact -Filter "ExternalEmailAddress -eq '$address'" -ErrorAction SilentlyContinue
if ($found) {
    Write-Host "$address is there already"
} else {
    New-MailContact -Name 'Fabrikam Partner' -ExternalEmailAddress $address | Out-Null
    Write-Host "made $address"
}
(Get-MailContact 'Fabrikam Partner').Name
