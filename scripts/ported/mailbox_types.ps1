# How many mailboxes of which kind are there?
Get-Mailbox -ResultSize Unlimited |
    Group-Object RecipientTypeDetails |
    Sort-Object Count -Descending |
    Select-Object Name, Count
