# Distribution groups that nobody is in.
$empty = Get-DistributionGroup -ResultSize Unlimited | Where-Object {
    -not (Get-DistributionGroupMember $_.Identity)
}
"$(@($empty).Count) empty groups"
$empty | Select-Object -ExpandProperty Name
