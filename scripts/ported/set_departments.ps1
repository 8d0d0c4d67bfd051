# Write departments and offices from a CSV text to the users.
$csv = @'
Alias,Department,Office
alice,Sales,Oslo
bob,Support,Bergen
'@ | ConvertFrom-Csv

foreach ($row in $csv) {
    Set-User -Identity $row.Alias -Department $row.Department -Office $row.Office
}
foreach ($row in $csv) {
    $user = Get-User $row.Alias
    "$($user.Name): $($user.Department), $($user.Office)"
}
