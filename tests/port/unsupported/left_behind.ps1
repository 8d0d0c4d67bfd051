# What stays behind, each with its own diagnostic.
class Report { [string]$Name }
Add-Type -TypeDefinition 'public class A { }'
$excel = New-Object -ComObject Excel.Application
$user = [ADSI]'LDAP://CN=Alice'
Invoke-Expression "Get-Mailbox $name"
. .\Functions.ps1
Start-Job { Get-Mailbox }
$place = [ref]$n
[System.Windows.Forms.MessageBox]::Show('done')
Get-ADUser alice
ping.exe server01
1..3 | ForEach-Object -Parallel { $_ }
trap { continue }
Get-Mailbox -Identity
