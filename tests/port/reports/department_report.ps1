# Who works where: users by department, with their titles and their oldest mailbox.
# Run it in the Exchange Management Shell.

$Users = Get-User -Filter { RecipientTypeDetails -eq 'UserMailbox' -and Department -ne $null } -ResultSize Unlimited
$Departments = $Users | Select-Object -ExpandProperty Department -Unique | Sort-Object

$Out = ForEach ($D in $Departments) {
    $InDept = $Users.Where({ $_.Department -eq $D })
    [PSCustomObject]@{
        Department = $D
        Users      = $InDept.Count
        Titles     = ($InDept.Title | Sort-Object -Unique) -join ' | '
        Oldest     = ($InDept | Sort-Object WhenCreated | Select-Object -First 1).WhenCreated.ToString("dd-MMM-yyyy")
        Share      = "{0:P1}" -f ($InDept.Count / $Users.Count)
    }
}

# the largest first
$Out | Sort-Object Users -Descending | Format-Table Department, Users, Share, Titles -AutoSize -Wrap
$Out | Measure-Object -Property Users -Sum -Average -Maximum -Minimum |
    Select-Object Sum, Average, Maximum, Minimum | Format-List
[string]::Format("{0} departments", @($Departments).Length)
