$a = 1 2)
Get-Mailbox alice
$b = (1 + )
'fine'
$c = [int
if ($a) { 'no end'
