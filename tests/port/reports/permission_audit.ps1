<#
    .SYNOPSIS
    Who may open, send as, or send on behalf of which mailbox.
    .DESCRIPTION
    Full access, send-as and send-on-behalf of all mailboxes in one CSV file. Inherited entries,
    deny entries and the mailbox's own SELF are left out.
#>
param (
    [string] $OutputFile = ".\MailboxPermissions_$(Get-Date -Format 'yyyyMMdd').csv",
    [switch] $IncludeShared,
    [switch] $FullAccessOnly
)

# -- Functions ------------------------------------------------------------------------------------

Function Add-Entry
{
    Param ($Mailbox, [string]$Kind, [string]$Trustee, [string]$Rights)

    $entry = New-Object PSObject -Property @{
        Mailbox  = $Mailbox.PrimarySmtpAddress
        Name     = $Mailbox.DisplayName
        Type     = $Mailbox.RecipientTypeDetails
        Kind     = $Kind
        Trustee  = $Trustee
        Rights   = $Rights
    }
    [void]$script:entries.Add($entry)
}

# -- Main -----------------------------------------------------------------------------------------

$script:entries = New-Object System.Collections.ArrayList
$Types = 'UserMailbox'
If ($IncludeShared)
{
    $Types = 'UserMailbox', 'SharedMailbox', 'RoomMailbox', 'EquipmentMailbox'
}

Write-Host "Reading mailboxes ..." -NoNewline
[array]$Mbx = Get-Mailbox -ResultSize Unlimited -RecipientTypeDetails $Types
If ($Mbx.Count -eq 0) { Write-Host " none found" -ForegroundColor Yellow; Break }
Write-Host (" {0} found" -f $Mbx.Count)

ForEach ($M in $Mbx)
{
    # Full access
    $Permissions = Get-MailboxPermission -Identity $M.Identity | Where-Object {
        $_.User.ToString() -ne 'NT AUTHORITY\SELF' -and
        $_.User.ToString() -notlike 'S-1-5-*' -and
        $_.IsInherited -eq $false -and
        $_.Deny -eq $false
    }
    ForEach ($P in $Permissions)
    {
        Add-Entry -Mailbox $m -Kind 'Mailbox' -Trustee $P.User -Rights ($P.AccessRights -join ',')
    }

    If ($FullAccessOnly) { Continue }

    # Send as
    Get-RecipientPermission -Identity $M.Identity -ErrorAction SilentlyContinue |
        ? { $_.Trustee -ne 'NT AUTHORITY\SELF' } |
        % { Add-Entry -Mailbox $M -Kind 'SendAs' -Trustee $_.Trustee -Rights ($_.AccessRights -join ',') }

    # Send on behalf
    If ($M.GrantSendOnBehalfTo)
    {
        ForEach ($Name in $M.GrantSendOnBehalfTo)
        {
            Add-Entry $M 'SendOnBehalf' $Name 'SendOnBehalf'
        }
    }
}

If ($entries.Count -gt 0)
{
    $entries |
        Select-Object Mailbox, Name, Type, Kind, Trustee, Rights |
        Sort-Object Mailbox, Kind, Trustee |
        Export-Csv -NoTypeInformation -Path $OutputFile -Encoding UTF8

    Write-Host ""
    Write-Host "Entries by kind:" -ForegroundColor Green
    $entries | Group-Object -Property Kind -NoElement | Sort-Object Name | Format-Table Name, Count -AutoSize

    $top = $entries | Group-Object Trustee | Sort-Object Count -Descending | Select-Object -First 1
    Write-Host "Most rights: $($top.Name) with $($top.Count) entries"
}
Else
{
    Write-Warning 'No delegated permissions at all.'
}
Write-Host "Report: $OutputFile"
