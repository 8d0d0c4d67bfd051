# The accepted domains, the default one marked.
$domains = Get-AcceptedDomain
foreach ($domain in $domains) {
    $mark = if ($domain.Default) { '*' } else { ' ' }
    "$mark $($domain.DomainName) ($($domain.DomainType))"
}
