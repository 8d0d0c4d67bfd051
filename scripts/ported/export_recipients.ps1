# All recipients as CSV, and how many of each kind.
$file = 'recipients.csv'
$recipients = Get-Recipient -ResultSize Unlimited | Sort-Object Name
$recipients | Select-Object Name, RecipientType, PrimarySmtpAddress | Export-Csv $file -NoTypeInformation -Encoding UTF8

$kinds = @{}
foreach ($row in Import-Csv $file) {
    if (-not $kinds.ContainsKey($row.RecipientType)) { $kinds[$row.RecipientType] = 0 }
    $kinds[$row.RecipientType]++
}
foreach ($kind in $kinds.Keys | Sort-Object) {
    "{0,-35} {1,5}" -f $kind, $kinds[$kind]
}
