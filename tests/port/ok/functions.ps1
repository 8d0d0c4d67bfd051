# Functions, the variables they share, and what they give.
$script:calls = 0

function Get-Large {
    param([int]$Limit = 100, [string[]]$Names)
    $script:calls++
    foreach ($name in $Names) {
        $items = (Get-MailboxStatistics $name).ItemCount
        if ($items -gt $Limit) { $name }
    }
}

function ConvertTo-Label([string]$Text) {
    return "[$($Text.Trim())]"
}

filter Add-Star { "* $_" }

$large = Get-Large -Names alice, bob -Limit 5
$large | Add-Star
ConvertTo-Label ' x '
"calls: $calls"
