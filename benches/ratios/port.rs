//! A PowerShell script of a thousand lines to Rhai, against parsing it alone.

use std::hint::black_box;

use exsh::port;
use exsh_benches::figure::{Aim, Figures, time};

/// Lines as admins write them, over and over.
const PART: &str = "\
# a report of mailboxes
$report = @()
foreach ($mailbox in Get-Mailbox -ResultSize Unlimited -Filter \"Department -eq 'Sales'\") {
    $statistics = Get-MailboxStatistics $mailbox.Identity
    if ($statistics.ItemCount -gt 1000 -and $mailbox.Alias -notlike 'admin*') {
        $report += [PSCustomObject]@{ Name = $mailbox.DisplayName; Items = $statistics.ItemCount }
        Write-Host \"$($mailbox.DisplayName): $($statistics.ItemCount)\" -ForegroundColor Green
    }
}
$report | Sort-Object Items -Descending | Select-Object -First 10 | Format-Table -AutoSize
";

pub(crate) fn measure(figures: &mut Figures) {
    let source = PART.repeat(100);
    assert_eq!(source.lines().count(), 1000);
    let ours = || time(|| black_box(port::keep(&source, &port::parse(&source), "bench.ps1")));
    let parsing = || time(|| black_box(port::parse(&source)));
    figures.race("1,000 lines of PowerShell to Rhai", Aim::AtMost(0.05), "parsing them alone", ours, parsing);
}
