# Definitions, traps, and variables that keep their type.
enum Level { Low; Middle = 5; High }
[Flags()] enum Right { Read = 1; Write = 2 }
trap { Write-Host "failed: $_"; continue }

[Level]$level = 'High'
"$level is $([int]$level), $([Level]::Low)"
[Right]3

function Test-Number {
    param($Text)
    trap [System.FormatException] {
        Write-Warning "no number: $Text"
        continue
    }
    trap { break }
    [int]$number = [int]::Parse($Text)
    $number = $number + 1
    $number += $Text.Length
    $number++
    "number: $number"
}
Test-Number '41'
Test-Number 'x'

# a value that fails leaves a gap in a text, but not in a sum
Write-Host "size: $($nothing.Size.ToMB()) MB"
Write-Host ("size: " + $nothing.Size.ToMB() + " MB")
Write-Host $(1 / $zero)
[long]$total = Read-Host 'how many'
$total
