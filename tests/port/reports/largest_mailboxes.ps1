# The largest mailboxes, the sizes of databases, and who has more than 50 MB.
Function Get-Size {
    Param ([Parameter(ValueFromPipeline = $true)]$InputObject)
    Process {
        If ($InputObject -match '\(([\d,\.]+) bytes\)') { [int64]($Matches[1] -replace '[^\d]') } Else { [int64]0 }
    }
}

$Stats = Get-Mailbox -ResultSize 10 -WarningAction SilentlyContinue | Get-MailboxStatistics -WarningAction SilentlyContinue
$Stats | Sort-Object { $_.TotalItemSize | Get-Size } -Descending |
    Select-Object -First 5 DisplayName, ItemCount,
        @{ L = 'Size (MB)'; E = { [math]::Round(($_.TotalItemSize | Get-Size) / 1MB, 2) } },
        @{ L = 'Last'; E = { if ($_.LastLogonTime) { '{0:dd.MM.yyyy}' -f $_.LastLogonTime } else { 'never' } } } |
    Format-Table -AutoSize

$Totals = $Stats | Group-Object Database | ForEach-Object {
    $size = 0
    $_.Group | ForEach-Object { $size += ($_.TotalItemSize | Get-Size) }
    New-Object -TypeName PSObject -Property ([ordered]@{ Database = $_.Name; Mailboxes = $_.Count; GB = [math]::Round($size / 1GB, 3) })
}
$Totals

$Big = $Stats.Where({ ($_.TotalItemSize | Get-Size) -gt 50MB }, 'First', 3)
"$($Big.Count) big ones: $($Big.DisplayName -join ', ')"

# how many of each database
$Hash = @{}
ForEach ($S in $Stats) {
    If ($Hash.ContainsKey($S.Database)) { $Hash[$S.Database]++ } Else { $Hash[$S.Database] = 1 }
}
$Hash.GetEnumerator() | Sort-Object -Property Name | ForEach-Object { Write-Output "$($_.Key): $($_.Value)" }
