# Make a distribution group with an owner and members.
$parameters = @{
    Name               = 'Project Aurora'
    Alias              = 'aurora'
    PrimarySmtpAddress = 'aurora@contoso.com'
}
New-DistributionGroup @parameters | Out-Null
'alice', 'bob', 'carol' | ForEach-Object {
    Add-DistributionGroupMember -Identity 'Project Aurora' -Member $_
}
$members = Get-DistributionGroupMember 'Project Aurora'
Write-Host "$($members.Count) members: $(($members.Name | Sort-Object) -join ', ')"
