<#
 .Synopsis
   Finds mailboxes and inbox rules that send mail out of the organization.
 .Description
   Compares forwarding addresses and the targets of inbox rules with the accepted domains.
#>

Param(
  [string]$ExportFile = "ExternalForwarding.csv",
  [switch]$Disable
)

#Connect if there is no session yet
$session = Get-PSSession | Where-Object { $_.ConfigurationName -eq 'Microsoft.Exchange' -and $_.State -eq 'Opened' }
if ($null -eq $session) {
    Write-Verbose 'the shell is expected to be connected'
}

$domains = (Get-AcceptedDomain).DomainName | ForEach-Object { "$_" }
Write-Host "Accepted domains: " -NoNewline
Write-Host ($domains -join ', ') -ForegroundColor Green

Function IsExternal([string]$address)
{
    $address = $address -replace '^smtp:', ''
    if ($address -notmatch '@') { return $false }
    $domain = ($address -split '@')[-1].TrimEnd('>', ']').ToLower()
    return -not ($domains -contains $domain)
}

$Result = ""
$Output = @()
$ExternalCount = 0

Get-Mailbox -ResultSize Unlimited | ForEach-Object {
    $Name = $_.DisplayName
    $Upn = $_.UserPrincipalName
    $Targets = @()

    Write-Progress -Activity "`n     Processed mailboxes: $ExternalCount external" -Status "Looking at $Name"

    #Forwarding of the mailbox itself
    if ($_.ForwardingSMTPAddress -ne $null -and (IsExternal $_.ForwardingSMTPAddress)) {
        $Targets += "mailbox: " + ($_.ForwardingSMTPAddress -split ":")[1]
    }

    #Rules
    $Rules = Get-InboxRule -Mailbox $_.Identity -ErrorAction SilentlyContinue
    foreach ($Rule in $Rules) {
        if (-not $Rule.Enabled) { continue }
        foreach ($kind in 'ForwardTo', 'RedirectTo', 'ForwardAsAttachmentTo') {
            foreach ($target in $Rule.$kind) {
                if (IsExternal $target) {
                    $Targets += "$($kind): $target ($($Rule.Name))"
                    if ($Disable) {
                        Disable-InboxRule -Mailbox $Upn -Identity $Rule.Identity -Confirm:$false
                    }
                }
            }
        }
    }

    if ($Targets.Count -gt 0) {
        $ExternalCount++
        $Result = @{'Display Name'=$Name;'User Principal Name'=$Upn;'Targets'=($Targets -join "; ");'Count'=$Targets.Count}
        $Results = New-Object PSObject -Property $Result
        $Output += $Results
        $Results | Select-Object 'Display Name','User Principal Name','Targets','Count' | Export-Csv -Path $ExportFile -Notype -Append
    }
}

if ((Test-Path -Path $ExportFile) -eq "True") {
    Write-Host `n"$ExternalCount mailbox(es) forward to the outside, see $ExportFile"
    $Output | Sort-Object -Property 'Display Name' | Format-Table 'Display Name', Count, Targets -Wrap
}
else {
    Write-Host "`nNobody forwards to the outside"
}
