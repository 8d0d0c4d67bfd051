<#
.SYNOPSIS
Statistics of all public folders: items, size, last change, and permissions that are too wide.
#>
param([string]$Root = '\', [int]$StaleMonths = 12)

$stale = (Get-Date).AddMonths(-$StaleMonths)

filter Get-Depth { ($_.Identity.ToString().Split('\') | Where-Object { $_ }).Count }

function Test-Stale {
    param([Parameter(ValueFromPipeline)] $Folder)
    process {
        $statistics = Get-PublicFolderStatistics -Identity $Folder.Identity
        [bool]($statistics.LastModificationTime -lt $stale)
    }
}

function Format-Bytes([long]$Bytes) {
    $units = 'B', 'KB', 'MB', 'GB', 'TB'
    $i = 0
    while ($Bytes -ge 1024 -and $i -lt $units.Length - 1) {
        $Bytes = $Bytes / 1024
        $i++
    }
    return "$([Math]::Round($Bytes, 1)) $($units[$i])"
}

$folders = Get-PublicFolder -Identity $Root -Recurse -ResultSize Unlimited | Where-Object { $_.Name -ne 'IPM_SUBTREE' }
$data = foreach ($folder in $folders) {
    $statistics = Get-PublicFolderStatistics -Identity $folder.Identity -ErrorAction SilentlyContinue
    $size = 0
    if ($statistics.TotalItemSize -match '\((?<bytes>[\d,]+) bytes\)') {
        $size = [long]($Matches['bytes'] -replace ',')
    }

    $wide = Get-PublicFolderClientPermission -Identity $folder.Identity |
        Where-Object { "$($_.User)" -in 'Default', 'Anonymous' -and $_.AccessRights -notcontains 'None' } |
        ForEach-Object { '{0}={1}' -f $_.User, ($_.AccessRights -join '+') }

    [PSCustomObject]@{
        Path        = $folder.Identity
        Depth       = $folder | Get-Depth
        Items       = if ($statistics) { $statistics.ItemCount } else { 0 }
        Bytes       = $size
        Size        = Format-Bytes $size
        MailEnabled = $folder.MailEnabled
        Stale       = $folder | Test-Stale
        Open        = $wide -join '; '
    }
}

$data | Sort-Object Bytes -Descending | Format-Table Path, Items, Size, MailEnabled, Open

$total = ($data | Measure-Object -Property Bytes -Sum).Sum
$max = ($data | Measure-Object -Property Depth -Maximum).Maximum
"Folders: $(@($data).Count), deepest level: $max, size: $(Format-Bytes $total)"
"Mail-enabled: $(@($data | Where-Object MailEnabled).Count), stale: $(@($data | Where-Object { $_.Stale }).Count)"

$data | Select-Object * -ExcludeProperty Bytes | Export-Csv -Path "$PWD\pf.csv" -NoTypeInformation -ErrorAction SilentlyContinue
$data | Select-Object -Property * -ExcludeProperty Bytes, Depth | ConvertTo-Csv -NoTypeInformation | Select-Object -First 3
