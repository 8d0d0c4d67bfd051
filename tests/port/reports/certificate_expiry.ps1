# Certificates that expire soon, and what they are used for.

[CmdletBinding()]
Param(
    [Parameter(HelpMessage = 'Days before the end of a certificate')]
    [Alias('Days')]
    [int] $ThresholdDays = 400,
    [string] $Server
)

$now      = Get-Date
$expired  = @()
$soon     = @()
$fine     = @()

$where = @{}
if ($Server) { $where['Server'] = $Server }
$certificates = Get-ExchangeCertificate @where
if (!$certificates) {
    Write-Error "No certificates $Server"
    exit 1
}

foreach ($certificate in $certificates) {
    $left = ($certificate.NotAfter - $now).Days
    $info = New-Object -TypeName PSObject
    $info | Add-Member -MemberType NoteProperty -Name 'Subject' -Value ($certificate.Subject -replace '^CN=([^,]+).*$', '$1')
    $info | Add-Member -MemberType NoteProperty -Name 'Thumbprint' -Value $certificate.Thumbprint.Substring(0, 8)
    $info | Add-Member -MemberType NoteProperty -Name 'Services' -Value $certificate.Services
    $info | Add-Member -MemberType NoteProperty -Name 'NotAfter' -Value $certificate.NotAfter.ToShortDateString()
    $info | Add-Member NoteProperty DaysLeft $left

    switch ($left) {
        { $_ -lt 0 }              { $expired += $info; break }
        { $_ -le $ThresholdDays } { $soon += $info; break }
        default                   { $fine += $info }
    }
}

function Write-Section([string]$Title, $Rows, [ConsoleColor]$Color = 'White') {
    if ($Rows.Count -eq 0) { return }
    Write-Host "`n$Title ($($Rows.Count))" -ForegroundColor $Color
    Write-Host ('-' * $Title.Length)
    foreach ($row in $Rows | Sort-Object DaysLeft) {
        $services = if ($row.Services -match 'None') { '-' } else { $row.Services }
        Write-Host ("  {0,-30} {1}  {2,5} days  {3}" -f $row.Subject, $row.NotAfter, $row.DaysLeft, $services)
    }
}

Write-Section -Title 'Expired' -Rows $expired -Color Red
Write-Section -Title "Within $ThresholdDays days" -Rows $soon -Color Yellow
Write-Section 'Fine' $fine Green

$exitCode = 0
if ($soon.Count) { $exitCode = 1 }
if ($expired.Count -gt 0) { $exitCode = 2 }
Write-Output "Result: $exitCode"
exit $exitCode
