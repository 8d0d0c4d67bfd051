<#
    .SYNOPSIS
    Keeps a distribution group in step with the users of a department.
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [ValidateNotNullOrEmpty()][string]$Department = 'Sales',
    [string]$GroupName = 'Sales Team',
    [switch]$RemoveStale
)

#region what is there
try {
    $group = Get-DistributionGroup -Identity $GroupName -ErrorAction Stop
} catch [System.Management.Automation.RemoteException] {
    Write-Host "making $GroupName" -ForegroundColor Yellow
    $group = New-DistributionGroup -Name $GroupName -Type Distribution
}
[string[]]$current = (Get-DistributionGroupMember $group.Identity -ResultSize Unlimited).PrimarySmtpAddress
[string[]]$wanted = Get-User -ResultSize Unlimited -Filter "Department -eq '$Department'" |
    ForEach-Object { $_.WindowsEmailAddress } |
    Where-Object { -not [string]::IsNullOrWhiteSpace($_) }
#endregion

$toAdd = $wanted | Where-Object { $current -notcontains $_ }
$toRemove = @($current | Where-Object { $_ -notin $wanted })

foreach ($address in $toAdd) {
    if ($PSCmdlet.ShouldProcess($address, "add to $GroupName")) {
        Add-DistributionGroupMember -Identity $group.Identity -Member $address -Confirm:$false
    }
}
if ($RemoveStale -and $toRemove.Count -gt 0) {
    $toRemove | ForEach-Object {
        Remove-DistributionGroupMember -Identity $group.Identity -Member $_ -Confirm:$false
    }
}

"{0} wanted, {1} added, {2} stale" -f $wanted.Count, @($toAdd).Count, $toRemove.Length
