#########################################################################
# Mobile devices by user, model and last sync
# 1.0  first version
# 1.1  stale devices
#########################################################################

[CmdletBinding()]
param (
    [Parameter( Mandatory=$false)]
    [switch]$SendEmail,

    [Parameter( Mandatory=$false)]
    [string]$MailFrom = "devices@contoso.com",

    [Parameter( Mandatory=$false)]
    [string]$MailTo = "it@contoso.com",

    [Parameter( Mandatory=$false)]
    [string]$MailServer = "smtp.contoso.com",

    [Parameter( Mandatory=$false)]
    [int]$Age = 0
)

#...................................
# Variables
#...................................

$now = Get-Date                                         #Used for timestamps
$date = $now.ToShortDateString()                        #Short date format for email message subject
$report = @()
$stats = @("DeviceID",
            "DeviceModel",
            "DeviceOS",
            "DeviceFriendlyName"
          )
$reportemailsubject = "Mobile device report - $date"
$myDir = Split-Path -Parent $MyInvocation.MyCommand.Path
$reportfile = Join-Path -Path . -ChildPath "MobileDevices.csv"

#...................................
# Script
#...................................

Write-Host "Fetching list of mailboxes with mobile devices"
$MailboxesWithDevices = @(Get-CASMailbox -ResultSize Unlimited | Where {@(Get-MobileDevice -Mailbox $_.Identity).Count -gt 0})
Write-Host "$($MailboxesWithDevices.count) mailboxes with devices"

foreach ($Mailbox in $MailboxesWithDevices)
{
    $EASDeviceStats = @(Get-MobileDeviceStatistics -Mailbox $Mailbox.Identity -WarningAction SilentlyContinue)
    Write-Host "$($Mailbox.Name) has $($EASDeviceStats.Count) device(s)"
    $MailboxInfo = Get-Mailbox $Mailbox.Identity | Select DisplayName,PrimarySMTPAddress

    foreach ($EASDevice in $EASDeviceStats)
    {
        $lastsyncattempt = ($EASDevice.LastSyncAttemptTime)
        if ($lastsyncattempt -eq $null)
        {
            $syncAge = "Never"
        }
        else
        {
            $syncAge = ($now - $lastsyncattempt).Days
        }

        #Add to report if last sync attempt greater than Age specified
        if ($syncAge -ge $Age -or $syncAge -eq "Never")
        {
            $reportObj = New-Object PSObject
            $reportObj | Add-Member NoteProperty -Name "Display Name" -Value $MailboxInfo.DisplayName
            $reportObj | Add-Member NoteProperty -Name "Email Address" -Value $MailboxInfo.PrimarySMTPAddress
            $reportObj | Add-Member NoteProperty -Name "Sync Age (Days)" -Value $syncAge

            Foreach ($stat in $stats)
            {
                $reportObj | Add-Member NoteProperty -Name $stat -Value $EASDevice.$stat
            }
            $report += $reportObj
        }
    }
}

$report | Export-Csv -NoTypeInformation $reportfile -Encoding UTF8

$models = @{}
$report | % { $models[$_.DeviceModel]++ }
$models.GetEnumerator() | Sort-Object -Property @{e='Value';Descending=$true},@{e='Name'} | % { "{0}: {1}" -f $_.Key,$_.Value }

if ($SendEmail)
{
    $htmlbody = $report | ConvertTo-Html -Fragment
    $htmlhead="<html>
                <style>
                BODY{font-family: Arial; font-size: 8pt;}
                TH{border: 1px solid black; background: #dddddd; padding: 5px;}
                </style>
                <body>
                <p>Report of mobile devices with more than $age days since their last synchronisation.</p>"
    $htmltail = "</body></html>"
    $htmlreport = $htmlhead + $htmlbody + $htmltail

    Send-MailMessage -To $MailTo -From $MailFrom -Subject $reportemailsubject -Body $htmlreport -BodyAsHtml -SmtpServer $MailServer -Encoding ([System.Text.Encoding]::UTF8) -Attachments $reportfile
}
