<#
.SYNOPSIS
  Watches the transport queues for a few rounds and says when one grows.
.PARAMETER Rounds
  How often to look.
.PARAMETER Wait
  Seconds between two looks.
#>
param(
    [int]$Rounds = 3,
    [int]$Wait = 5,
    [int]$Threshold = 1,
    [string[]]$Ignore = @('Submission', '*\Poison')
)

function Test-Ignored {
    param([string]$Identity)
    foreach ($pattern in $Ignore) {
        if ($Identity -like $pattern -or $Identity -like "*\$pattern") { return $true }
    }
    return $false
}

function Write-Log {
    param(
        [Parameter(Mandatory = $true)] [string] $Message,
        [ValidateSet('INFO', 'WARN', 'ERROR')] [string] $Level = 'INFO'
    )
    $line = '{0} [{1,-5}] {2}' -f (Get-Date -Format 'yyyy-MM-dd HH:mm:ss'), $Level, $Message
    Add-Content -Path $logFile -Value $line
    switch ($Level) {
        'WARN'  { Write-Host $line -ForegroundColor Yellow }
        'ERROR' { Write-Host $line -ForegroundColor Red }
        Default { Write-Host $line }
    }
}

$logFile = '.\queues.log'
if (Test-Path $logFile) { Remove-Item $logFile -Force }

$before = @{}
$alerts = 0
for ($round = 1; $round -le $Rounds; $round++) {
    Write-Log "round $round of $Rounds"
    $queues = Get-Queue -ErrorAction SilentlyContinue -ErrorVariable problem
    if ($problem) {
        Write-Log -Message $problem[0].Exception.Message -Level ERROR
        continue
    }

    foreach ($queue in $queues) {
        $id = $queue.Identity.ToString()
        if (Test-Ignored $id) { continue }

        $count = [int]$queue.MessageCount
        if ($before.ContainsKey($id)) {
            $change = $count - $before[$id]
        }
        else {
            $change = 0
        }
        $before[$id] = $count

        if ($count -ge $Threshold) {
            $sign = if ($change -gt 0) { '+' } elseif ($change -lt 0) { '-' } else { '=' }
            Write-Log "$id holds $count ($sign$([math]::Abs($change))), $($queue.Status)" -Level WARN
            $alerts++
        }
    }

    if ($round -lt $Rounds) { Start-Sleep -Seconds $Wait }
}

$lines = Get-Content $logFile
$warnings = $lines | Select-String -Pattern '\[WARN ?\]'
Write-Log "$alerts alert(s) in $Rounds round(s), $(@($warnings).Count) line(s) marked"

$before.GetEnumerator() |
    Where-Object { $_.Value -gt 0 } |
    Sort-Object Name |
    ForEach-Object { [PSCustomObject]@{ Queue = $_.Key; Messages = $_.Value } } |
    Format-Table -AutoSize

return
