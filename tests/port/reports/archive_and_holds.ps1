# ------------------------------------------------------------------------------
# Litigation hold, archives and retention: who has what.
# Reads everything once, then joins in memory with hashtables.
# ------------------------------------------------------------------------------
param(
    [ValidateSet("Name", "Size")][string]$SortBy = "Name",
    [switch]$OnlyHeld
)

Begin {
    $ht = @{}
    $errors = 0
    $culture = [System.Globalization.CultureInfo]::InvariantCulture
    $startTime = Get-Date
}
Process {
    $allMailboxes = Get-Mailbox -ResultSize Unlimited -Filter { RecipientTypeDetails -eq 'UserMailbox' }
    # statistics by display name
    foreach ($s in $allMailboxes | Get-MailboxStatistics) {
        if (-not $ht.ContainsKey($s.DisplayName)) {
            $ht.Add($s.DisplayName, $s)
        } else {
            $errors += 1
        }
    }

    $rows = $allMailboxes | ForEach-Object -Begin { $n = 0 } -Process {
        $n++
        $m = $_
        $s = $ht[$m.DisplayName]
        try {
            $bytes = [double]($s.TotalItemSize.ToString().Split('(')[1].Split(' ')[0].Replace(',', ''))
        }
        catch {
            $bytes = 0
        }

        $policy = $m.RetentionPolicy
        if ([string]::IsNullOrEmpty($policy)) { $policy = 'none' }

        New-Object -TypeName PSCustomObject -Property ([ordered]@{
            No          = $n
            Name        = $m.DisplayName
            Hold        = [bool]$m.LitigationHoldEnabled
            Since       = if ($m.LitigationHoldDate) { $m.LitigationHoldDate.ToString('d MMM yyyy', $culture) }
            Archive     = ($m.ArchiveStatus -eq 'Active')
            Policy      = $policy
            Bytes       = $bytes
            MB          = '{0:N2}' -f ($bytes / 1MB)
            Created     = $m.WhenCreated.Year
        })
    } -End { Write-Verbose "$n mailboxes" }

    if ($OnlyHeld.IsPresent) { $rows = $rows | Where-Object { $_.Hold } }
}
End {
    $sorted = switch ($SortBy) {
        'Name' { $rows | Sort-Object Name }
        'Size' { $rows | Sort-Object Bytes -Descending }
    }
    $sorted | Select-Object -First 8 -Property No, Name, Hold, Archive, Policy, MB | Format-Table -AutoSize

    $held = @($rows | Where-Object { $_.Hold -eq $true })
    $notHeld = $rows.Count - $held.Count
    Write-Output ("{0} held, {1} not held, {2} double names" -f $held.Count, $notHeld, $errors)

    $years = $rows | Group-Object Created | ForEach-Object { "$($_.Name): $($_.Count)" }
    Write-Output "Created $([string]::Join(', ', $years))"

    $stats = $rows | Measure-Object Bytes -Sum -Maximum -Minimum -Average
    Write-Output ("largest {0:N1} MB, smallest {1:N1} MB" -f ($stats.Maximum / 1MB), ($stats.Minimum / 1MB))
    if (((Get-Date) - $startTime).TotalMinutes -gt 30) { Write-Warning 'this took long' }
}
