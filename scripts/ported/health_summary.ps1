# A short summary of the organization.
$summary = [ordered]@{}
$summary['Organization'] = (Get-OrganizationConfig).Name
$summary['Domains'] = @(Get-AcceptedDomain).Count
$summary['Mailboxes'] = @(Get-Mailbox -ResultSize Unlimited).Count
$summary['Groups'] = @(Get-DistributionGroup -ResultSize Unlimited).Count
$summary['Contacts'] = @(Get-MailContact).Count

foreach ($key in $summary.Keys) {
    switch ($key) {
        'Organization' { Write-Host "== $($summary[$key]) ==" -ForegroundColor Cyan }
        default { Write-Host ("{0,-12}{1,6:N0}" -f $key, $summary[$key]) }
    }
}
