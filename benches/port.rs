//! A PowerShell script of a thousand lines to Rhai, against parsing it alone in the same run.
//!
//! `cargo bench --manifest-path benches/Cargo.toml --bench port`; prints a figure and a ratio, keeps no history.

use std::hint::black_box;

use exsh::port;
use exsh_benches::timing::medians;

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

fn main() {
    let source = PART.repeat(100);
    let [parse, all] = medians(
        9,
        [
            &mut || Box::new(black_box(port::parse(&source))),
            &mut || Box::new(black_box(port::keep(&source, &port::parse(&source), "bench.ps1"))),
        ],
    );
    let (parse, all) = (parse.as_secs_f64() * 1e3, all.as_secs_f64() * 1e3);
    println!(
        "port {} lines: {all:.1} ms (target 50), parsing alone {parse:.1} ms, ratio {:.1}",
        source.lines().count(),
        all / parse
    );
}
