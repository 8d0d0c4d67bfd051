# Put mailboxes of a list on hold; report those that are not there.
$names = 'alice', 'bob', 'nobody'
$held = [System.Collections.Generic.List[string]]::new()
foreach ($name in $names) {
    try {
        Set-Mailbox $name -LitigationHoldEnabled $true -ErrorAction Stop
        $held.Add($name)
    } catch {
        Write-Host "no mailbox: $name" -ForegroundColor Yellow
    }
}
Write-Host "on hold: $($held -join ', ')"
