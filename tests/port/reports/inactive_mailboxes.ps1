<#
.SYNOPSIS
  Users who have not signed in to their mailbox for a while.
.DESCRIPTION
  A CSV with all of them, a count by department on the screen.
#>
[CmdletBinding(SupportsShouldProcess = $true)]
param
(
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty()]
    [int]
    $InactiveDays = 2,

    [Parameter(Position = 1)]
    [ValidateSet('Csv', 'Json', 'Both')]
    [string]
    $Format = 'Csv',

    [string[]]
    $ExcludeDepartment = @()
)

begin
{
    function Get-Age
    {
        [OutputType([int])]
        param([datetime]$Since)
        return (New-TimeSpan -Start $Since -End (Get-Date)).Days
    }

    $threshold = (Get-Date).Date.AddDays(-1 * $InactiveDays)
    $result    = New-Object 'System.Collections.Generic.List[PSObject]'
    $skipped   = 0
    Write-Verbose -Message "Threshold is $threshold"
}

process
{
    $users = Get-User -ResultSize Unlimited -RecipientTypeDetails UserMailbox

    :users foreach ($user in $users)
    {
        foreach ($name in $ExcludeDepartment)
        {
            if ($user.Department -like $name)
            {
                $skipped++
                continue users
            }
        }

        $statistics = Get-MailboxStatistics $user.Identity -WarningAction SilentlyContinue
        $last = $statistics.LastLogonTime
        $state = if (-not $last) { 'never' }
                 elseif ($last -lt $threshold) { 'inactive' }
                 else { 'active' }

        if ($state -eq 'active') { continue }

        $days = if ($last) { Get-Age -Since $last } else { $null }

        $properties = [ordered]@{
            User       = $user.UserPrincipalName
            Name       = $user.DisplayName
            Department = if ([string]::IsNullOrWhiteSpace($user.Department)) { '(none)' } else { $user.Department }
            LastLogon  = if ($last) { $last.ToString('dd-MMM-yyyy') } else { '' }
            Days       = $days
            State      = $state
        }
        $result.Add((New-Object -TypeName PSObject -Property $properties))
    }
}

end
{
    Write-Host ("{0} of {1} users are not active ({2} skipped)" -f $result.Count, @($users).Count, $skipped)

    if ($Format -in 'Csv', 'Both')
    {
        $result | Export-Csv -Path .\inactive.csv -NoTypeInformation -Delimiter ';'
    }
    if ($Format -eq 'Json' -or $Format -eq 'Both')
    {
        $result | ConvertTo-Json -Depth 3 | Set-Content -Path .\inactive.json
    }

    $result |
        Group-Object -Property Department |
        Sort-Object -Property @{Expression = { $_.Count }; Descending = $true }, Name |
        Select-Object Name, Count, @{n = 'Never'; e = { ($_.Group | Where-Object State -eq 'never' | Measure-Object).Count } }
}
