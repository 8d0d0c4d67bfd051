# Exports all distribution groups with their members and owners, one line per member.
# Nested groups are followed down to a depth.

Param (
    [Parameter(Mandatory=$False)] [String] $Filter = '*',
    [Parameter(Mandatory=$False)] [Int] $MaxDepth = 3
)

Function Expand-Group ($Group, [int]$Depth) {
    $Members = Get-DistributionGroupMember -Identity $Group.Identity -ResultSize Unlimited
    ForEach ($Member in $Members) {
        If ($Member.RecipientType -match 'Group' -And $Depth -lt $MaxDepth) {
            Expand-Group $Member ($Depth + 1)
        }
        Else {
            $Member
        }
    }
}

Function Get-OwnerName ($Group) {
    $Owners = @()
    ForEach ($Owner in $Group.ManagedBy) {
        $Recipient = Get-Recipient -Identity $Owner -ErrorAction SilentlyContinue
        If ($Recipient) { $Owners += $Recipient.DisplayName } Else { $Owners += "$Owner (unknown)" }
    }
    If ($Owners.Count -eq 0) { Return 'nobody' }
    Return ($Owners | Sort-Object) -Join ', '
}

CLS
Write-Host "Finding distribution groups..."
$Groups = Get-DistributionGroup -ResultSize Unlimited | ? {$_.Name -like $Filter} | Sort DisplayName
If (!($Groups)) { Write-Host "No groups found... sorry! "; break }

$Report = [System.Collections.Generic.List[Object]]::new() # Create output file for report
$GroupNumber = 0
$Empty = 0
ForEach ($Group in $Groups) {
   $GroupNumber++
   $ProgressBar = "Processing " + $Group.DisplayName + " (" + $GroupNumber + " of " + @($Groups).Count + ")"
   Write-Progress -Activity "Checking groups" -Status $ProgressBar -PercentComplete ($GroupNumber/@($Groups).Count*100)

   $Members = @(Expand-Group $Group 0 | Sort-Object PrimarySmtpAddress -Unique)
   $OwnerNames = Get-OwnerName $Group
   If ($Members.Count -eq 0) {
      $Empty++
      $ReportLine = [PSCustomObject]@{
         Group      = $Group.DisplayName
         Owners     = $OwnerNames
         Member     = $Null
         MemberType = 'empty' }
      $Report.Add($ReportLine)
   }
   Else {
      ForEach ($Member in $Members) {
         $ReportLine = [PSCustomObject]@{
            Group      = $Group.DisplayName
            Owners     = $OwnerNames
            Member     = $Member.PrimarySmtpAddress
            MemberType = $Member.RecipientTypeDetails }
         $Report.Add($ReportLine) }
   } # End if
} # End ForEach

$Report | Export-CSV -NoTypeInformation .\Groups.csv
$Types = $Report | Group-Object MemberType | Sort-Object @{e={$_.Count};Descending=$true}, Name
Write-Host ""
Write-Host $Groups.Count "groups," $Empty "empty," $Report.Count "lines"
ForEach ($Type in $Types) {
   Write-Host ("  " + $Type.Name.PadRight(28) + $Type.Count.ToString().PadLeft(5))
}
$Largest = $Report | Group-Object Group | Sort Count -Descending | Select -First 3
Write-Host "Largest:" ($Largest.Name -join ", ")
