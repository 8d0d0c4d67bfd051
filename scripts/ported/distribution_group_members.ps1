# Every distribution group with its members, one line each.
foreach ($group in Get-DistributionGroup | Sort-Object Name) {
    $members = @(Get-DistributionGroupMember $group.Identity | Sort-Object Name)
    "{0} ({1} members)" -f $group.Name, $members.Count
    foreach ($member in $members) {
        "  - $($member.Name)"
    }
}
