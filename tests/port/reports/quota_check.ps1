# Checks mailboxes against a limit, and keeps a log of it.
$LogFile = Join-Path '.' "quota_$((Get-Date).ToString('yyyy')).log"

function Write-Log {
    param(
        [string]$Message,
        [ValidateSet('Info', 'Warn', 'Error')][string]$Level = 'Info'
    )
    $line = "[{0,-5}] {1}" -f $Level.ToUpper(), $Message
    Add-Content -Path $script:LogFile -Value $line
    switch ($Level) {
        'Warn'  { Write-Warning $Message }
        default { Write-Host $line }
    }
}

function ConvertTo-MB($size) {
    if ($null -eq $size) { return 0 }
    $bytes = [double]($size.ToString() -replace '^.*\(([\d,]+) bytes\)$', '$1' -replace ',')
    [math]::Round($bytes / 1MB, 1)
}

function Test-Quota {
    [CmdletBinding()]
    [OutputType([psobject])]
    Param(
        [Parameter(Mandatory = $true, ValueFromPipelineByPropertyName = $true)]
        [Alias('Id', 'UPN')]
        [ValidatePattern('^[\w\.-]+$')]
        [string]$Alias,

        # in MB
        [int]$Limit = 1000
    )
    Begin { $all = @{} }
    Process {
        $st = Get-MailboxStatistics $Alias -WarningAction SilentlyContinue
        $all[$Alias] = ConvertTo-MB $st.TotalItemSize
    }
    End {
        foreach ($k in $all.Keys | Sort-Object) {
            [pscustomobject]@{ Alias = $k; MB = $all[$k]; Over = $all.$k -gt $Limit }
        }
    }
}

Write-Log "start"
$result = Get-Mailbox -ResultSize 4 -WarningAction SilentlyContinue | Test-Quota -Limit 900
$result | Sort-Object MB -Descending | ft -a
$over = @($result | Where-Object Over)
if ($over) { Write-Log -Level Warn -Message "$($over.Count) over the limit: $($over.Alias -join ', ')" }
if (!(Test-Path $LogFile)) { throw "no log" } else { "$((Get-Content $LogFile).Count) lines of log" }
