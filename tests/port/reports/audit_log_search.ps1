# What administrators and owners did to shared mailboxes: reads the unified audit log and unpacks its JSON.
# Needs: the View-Only Audit Logs role

$StartDate = (Get-Date).AddDays(-30); $EndDate = (Get-Date)
$OutputCSVFile = ".\AuditEvents.csv"

Write-Host "Searching audit log..."
[array]$Records = Search-UnifiedAuditLog -StartDate $StartDate -EndDate $EndDate -Formatted -ResultSize 5000
If (!($Records)) { Write-Host "No audit records found." ; break }
Write-Host ("Processing {0} records" -f $Records.count)
# Sometimes the log returns a record twice
$Records = $Records | Sort-Object Identity -Unique | Sort-Object {$_.CreationDate -as [datetime]} -Descending

$Report = [System.Collections.Generic.List[Object]]::new()
ForEach ($Rec in $Records) {
   $AuditData = ConvertFrom-Json $Rec.AuditData
   $Reason = $Null; $Target = $Null
   Switch ($AuditData.Operation)
   {
    "Set-Mailbox" {
        $Reason = "Changed mailbox"
        $Target = $AuditData.ObjectId
        }
    "Add-MailboxPermission" {
        $Reason = "Gave permission"
        $Target = $AuditData.ObjectId
        }
    {$_ -like "*Login*" -or $_ -eq "UserLoggedIn"} {
        $Reason = "Signed in"
        }
    "FileAccessed" { $Reason = "Opened file"; $Target = $AuditData.SourceFileName }
    Default {
        $Reason = "Other"
        }
   } # End switch

   $ReportLine = [PSCustomObject] @{
     TimeStamp   = Get-Date($Rec.CreationDate) -format g
     User        = $Rec.UserIds
     Operation   = $AuditData.Operation
     Workload    = $AuditData.Workload
     Reason      = $Reason
     Target      = $Target
     HourOfDay   = (Get-Date $Rec.CreationDate).Hour
     Weekend     = ((Get-Date $Rec.CreationDate).DayOfWeek -in "Saturday","Sunday") }
   $Report.Add($ReportLine)
}

$GroupData = $Report | Group-Object Operation
$GroupData | Sort Count, Name -Descending | Select Name, Count

# By user, with the share of all
$Users = $Report | Group User | Sort Count -Descending
ForEach ($U in $Users | Select -First 5) {
   $Share = ($U.Count/$Report.Count).toString("P1")
   $Ops = ($U.Group.Operation | Sort -Unique) -join ", "
   Write-Host ("{0} {1} ({2}): {3}" -f $U.Name, $U.Count, $Share, $Ops)
}

$Night = $Report | Where {$_.HourOfDay -lt 6 -or $_.HourOfDay -ge 22}
If ($Night) { Write-Host $Night.Count "events at night" } Else { Write-Host "No events at night" }
$First = ($Report | Sort {[datetime]$_.TimeStamp} | Select -First 1).TimeStamp
$Last  = ($Report | Sort {[datetime]$_.TimeStamp} | Select -Last 1).TimeStamp
Write-Host "From" $First "to" $Last

$Report | Export-Csv -NoTypeInformation -Path $OutputCSVFile
$Report | Out-GridView -Title "Audit events"
