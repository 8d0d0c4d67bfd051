# What stays behind, each with its own diagnostic.
class Report { [string]$Name }
Add-Type -TypeDefinition 'public class A { }'
$excel = New-Object -ComObject Excel.Application
$user = [ADSI]'LDAP://CN=Alice'
Invoke-Expression "Get-Mailbox $name"
Start-Job { Get-Mailbox }
$place = [ref]$n
[System.Windows.Forms.MessageBox]::Show('done')
Get-ADUser alice
ping.exe server01
trap { continue }
Get-Mailbox -Identity
