# Role groups, their members, and when they were last changed; a nested report in HTML and JSON.
param ([string]$OutFolder = ".", [switch]$PassThru)

$ErrorActionPreference = "SilentlyContinue"
$Global:LineCount = 0

Function New-Line {
    Param ( [string]$Text = "", [int]$Level = 0 )
    $Global:LineCount++
    return (" " * ($Level * 2)) + $Text
}

$lines = New-Object System.Text.StringBuilder
$tree = @{}
$roleGroups = Get-RoleGroup | Sort-Object Name

ForEach ($roleGroup in $roleGroups) {
    $null = $lines.AppendLine((New-Line -Text $roleGroup.Name))
    $members = Get-RoleGroupMember $roleGroup.Name
    $tree[$roleGroup.Name] = @{
        Members = @($members | % { $_.Name } | sort)
        Count   = ($members | Measure-Object).Count
    }
    If ($members) {
        ForEach ($member in $members | Sort-Object Name) {
            [void]$lines.AppendLine((New-Line -Text "- $($member.Name) ($($member.RecipientType))" -Level 1))
        }
    } Else {
        [void]$lines.AppendLine((New-Line "(nobody)" 1))
    }
}

Write-Host $lines.ToString()
Write-Host "$Global:LineCount lines"

# Who is in more than one group?
$people = $tree.Values | ForEach-Object { $_.Members } | Group-Object | Where-Object { $_.Count -gt 1 }
If ($people) {
    $people | Sort-Object Count, Name -Descending | Select-Object Count, Name | Format-Table -HideTableHeaders
} Else {
    "Nobody is in more than one group."
}

# Changes by administrators in the last month
$changes = Search-AdminAuditLog -StartDate (Get-Date).AddDays(-30) -EndDate (Get-Date) -Cmdlets Add-RoleGroupMember, Remove-RoleGroupMember
Switch -Wildcard ($changes.CmdletName) {
    'Add-*'    { $added++ }
    'Remove-*' { $removed++ }
}
"Added: {0}, removed: {1}" -f [int]$added, [int]$removed

$biggest = $tree.GetEnumerator() | Sort-Object { $_.Value.Count } -Descending | Select-Object -First 1
"Largest: $($biggest.Key) with $($biggest.Value.Count)"

$json = $tree.Keys | Sort-Object | ForEach-Object { [pscustomobject]@{ Group = $_; Members = $tree.$_.Members } } | ConvertTo-Json -Depth 4
$json | Out-File -FilePath (Join-Path $OutFolder 'roles.json')
$back = Get-Content (Join-Path $OutFolder 'roles.json') -Raw | ConvertFrom-Json
"{0} groups in the file" -f $back.Count

If ($PassThru) { $back }
