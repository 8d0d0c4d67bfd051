//! PowerShell scripts run by the program: the three steps, `--connect`, streaming, the sandbox, exit codes.

use super::harness::{Exsh, Sim};

fn signed_in() -> Exsh {
    Exsh::new().with("EXSH_USERNAME", "admin@contoso.com").with("EXSH_PASSWORD", "Passw0rd!x")
}

fn script(exsh: &Exsh, text: &str) -> String {
    let path = exsh.home().join("script.ps1");
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

#[test]
fn the_three_steps_of_powershell_work_as_they_are_written() {
    let exsh = signed_in();
    let sim = Sim::start(&exsh, &[]);
    let text = format!(
        "$cred = Get-Credential\n\
         $s = New-PSSession -ConfigurationName Microsoft.Exchange -ConnectionUri '{}' -Credential $cred -Authentication Basic -AllowRedirection\n\
         Import-PSSession $s -DisableNameChecking | Out-Null\n\
         (Get-Mailbox -Identity alice).Alias\n\
         Get-Mailbox alice | Set-Mailbox -CustomAttribute1 'from powershell'\n\
         (Get-Mailbox alice).CustomAttribute1\n\
         Remove-PSSession $s\n\
         Get-Mailbox alice",
        sim.url
    );
    let file = script(&exsh, &text);
    let ran = exsh.run(&["run", "-v", &file]);
    assert_eq!(ran.stdout, "alice\nfrom powershell\n", "{}", ran.stderr);
    assert!(ran.stderr.contains("CommandNotFoundException"), "the session is gone: {}", ran.stderr);
    assert_eq!(sim.stop()["open_shells"], 0);
}

#[test]
fn a_session_can_be_opened_before_the_script_and_prefixes_belong_to_the_script() {
    let exsh = Exsh::new();
    let file = script(
        &exsh,
        "'{0} {1}' -f (Get-Mailbox alice).Alias, (Get-Module ExchangeOnlineManagement).Name\n\
         $s = Get-PSSession | Select-Object -First 1\n\
         Import-PSSession $s -Prefix Demo\n\
         (Get-DemoMailbox bob).Alias",
    );
    let ran = exsh.run(&["run", &file, "--connect", "demo:mailboxes=5"]).expect(0);
    assert_eq!(ran.stdout, "alice ExchangeOnlineManagement\nbob\n");
}

#[test]
fn select_first_stops_the_server() {
    let exsh = signed_in();
    let sim = Sim::start(&exsh, &["--mailboxes", "5000"]);
    let file = script(&exsh, "Get-Mailbox -ResultSize Unlimited | Select-Object -First 2 | ForEach-Object Alias");
    let ran = exsh.run(&["run", "--connect", &sim.url, &file]).expect(0);
    assert_eq!(ran.stdout.lines().count(), 2, "{}", ran.stdout);
    let counters = sim.stop();
    assert_eq!(counters["pipelines_stopped"], 1, "{counters}");
}

#[test]
fn what_a_cmdlet_reports_can_be_caught_silenced_and_counted() {
    let exsh = Exsh::new();
    let file = script(
        &exsh,
        "Get-Mailbox nobody -ErrorAction SilentlyContinue\n\"silent: $?\"\n\
         try { Get-Mailbox nobody -ErrorAction Stop } catch { \"caught: $($_.Exception.GetType().Name)\" }\n\
         Get-Mailbox nobody -ErrorVariable gone 2>$null; \"gone: $($gone.Count)\"\n\
         Get-Mailbox -Nonsense 1\n'goes on'\nexit 3",
    );
    let ran = exsh.run(&["run", "-v", &file, "--connect", "demo:"]).expect(3);
    assert!(ran.stdout.contains("caught: RemoteException\ngone: 1\ngoes on\n"), "{}\n{}", ran.stdout, ran.stderr);
    assert!(ran.stderr.contains("NamedParameterNotFound,Get-Mailbox"), "{}", ran.stderr);
}

#[test]
fn a_sandbox_keeps_everything_inside() {
    let exsh = Exsh::new();
    let inside = exsh.home().join("box");
    std::fs::create_dir_all(&inside).unwrap();
    let file = script(
        &exsh,
        "Set-Content C:\\Temp\\a.txt 'kept'\n\
         $s = New-PSSession -ConnectionUri https://mail.contoso.com/PowerShell/ -Credential (Get-Credential)\n\
         Send-MailMessage -To a@b.c -From a@b.c -Subject x -SmtpServer mail\n\
         \"$($s.State) $(Read-Host 'name')\"",
    );
    std::fs::create_dir_all(inside.join("C/Temp")).unwrap();
    let ran = exsh.run_with_input(&["run", &file, "--sandbox", &inside.display().to_string()], "Ann\n").expect(0);
    assert!(ran.stdout.ends_with("Opened Ann\n"), "{}\n{}", ran.stdout, ran.stderr);
    assert_eq!(std::fs::read_to_string(inside.join("C/Temp/a.txt")).unwrap().trim_end(), "kept");
}

#[test]
fn paths_of_windows_mean_files_of_the_sandbox_and_nothing_else_is_reached() {
    let exsh = Exsh::new();
    std::fs::write(exsh.home().join("secret.txt"), "secret").unwrap();
    let file = script(
        &exsh,
        r"New-Item -ItemType Directory C:\Reports | Out-Null
'one' | Set-Content C:\reports\A.txt
Get-Content c:\REPORTS\a.TXT
New-Item -ItemType Directory \\Files\Share | Out-Null
'two' | Set-Content \\files\share\b.txt
Test-Path \\FILES\SHARE\B.TXT
[System.IO.File]::ReadAllText('C:\REPORTS\a.txt').Trim()
cd C:\Reports; Test-Path a.txt
'../../../secret.txt', '..\..\..\secret.txt', 'C:\..\..\secret.txt', '/etc/passwd', 'C:\..\..\..\..\..\..\etc\passwd', '~/../../../etc/passwd' |
  ForEach-Object { Test-Path $_; [System.IO.File]::Exists($_) } | Select-Object -Unique
Rename-Item C:\Reports\a.txt '..\..\..\out.txt'
'x' > ..\..\..\redirected.txt",
    );
    let inside = exsh.home().join("deep/box");
    let ran = exsh.run(&["run", &file, "--sandbox", &inside.display().to_string()]).expect(0);
    assert_eq!(ran.stdout, "one\nTrue\none\nTrue\nFalse\n", "{}", ran.stderr);
    assert_eq!(std::fs::read_to_string(inside.join("Files/Share/b.txt")).unwrap().trim_end(), "two");
    assert!(inside.join("redirected.txt").is_file(), "above the sandbox there is nothing");
    assert!(!exsh.home().join("out.txt").exists() && !exsh.home().join("deep/out.txt").exists());
}

#[test]
fn output_goes_to_one_stream_and_talk_to_the_other() {
    let exsh = Exsh::new();
    let file = script(
        &exsh,
        "'output'\nWrite-Host 'host'\nWrite-Warning 'warned'\nWrite-Verbose 'told' -Verbose\nWrite-Error 'failed'\n\
         Write-Progress -Activity 'Working' -PercentComplete 5\nWrite-Information 'kept quiet'\nStart-Sleep -Seconds 600\n(Get-Date).ToString('s')",
    );
    let now = ["--sandbox", ".", "--now", "2026-01-15T10:00:00Z", "--time-zone", "+02:00"];
    let mut child = exsh.command(&[&[&*file], &now[..]].concat());
    let ran = super::harness::ran(child.current_dir(exsh.home()).spawn().unwrap()).expect(0);
    assert_eq!(ran.stdout, "output\nhost\n2026-01-15T12:00:00\n", "{}", ran.stderr);
    let told: Vec<&str> = ran.stderr.lines().collect();
    assert_eq!(told, ["warning: warned", "verbose: told", "error: failed", " --> script.ps1:5: Write-Error 'failed'"]);
}

#[test]
fn refused_credentials_end_with_the_exit_code_for_signing_in() {
    let exsh = Exsh::new().with("EXSH_USERNAME", "admin@contoso.com").with("EXSH_PASSWORD", "wrong");
    let sim = Sim::start(&exsh, &[]);
    let file = script(&exsh, "'never'");
    let ran = exsh.run(&["run", &file, "--connect", &sim.url]).expect(4);
    assert_eq!(ran.stdout, "");
}

/// Takes one message as an SMTP server does (RFC 5321) and gives what the client said.
fn take_one_message(listener: &std::net::TcpListener) -> String {
    use std::io::{BufRead as _, BufReader, Write as _};
    let (mut stream, _) = listener.accept().unwrap();
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
    stream.write_all(b"220 here\r\n").unwrap();
    let (mut said, mut is_data) = (String::new(), false);
    while let Some(Ok(line)) = lines.next() {
        said.push_str(&line);
        said.push('\n');
        let answer: &[u8] = match line.to_uppercase().as_str() {
            "." if is_data => {
                is_data = false;
                b"250 taken\r\n"
            }
            _ if is_data => continue,
            "DATA" => {
                is_data = true;
                b"354 go on\r\n"
            }
            "QUIT" => b"221 bye\r\n",
            _ => b"250 ok\r\n",
        };
        stream.write_all(answer).unwrap();
        if line.eq_ignore_ascii_case("QUIT") {
            break;
        }
    }
    said
}

#[test]
fn send_mail_message_really_sends() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = std::thread::spawn(move || take_one_message(&listener));
    let exsh = Exsh::new();
    let file = script(
        &exsh,
        &format!(
            "Send-MailMessage -From 'Ann <ann@contoso.com>' -To bob@contoso.com,cid@contoso.com -Subject 'Report' \
             -Body '<b>done</b>' -BodyAsHtml -SmtpServer 127.0.0.1 -Port {port} -Attachments $PSCommandPath\n'sent'"
        ),
    );
    let ran = exsh.run(&["run", &file]).expect(0);
    // Were it not sent, an error would say so, and nobody would have come to the server.
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("sent\n", ""));
    let said = server.join().unwrap();
    for part in [
        "MAIL FROM:<ann@contoso.com>",
        "RCPT TO:<bob@contoso.com>",
        "RCPT TO:<cid@contoso.com>",
        "Subject: Report",
        "text/html",
        "script.ps1",
    ] {
        assert!(said.contains(part), "{part} is missing in\n{said}");
    }
}

#[test]
fn a_mail_server_that_cannot_be_reached_is_an_error_and_the_script_goes_on() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let exsh = Exsh::new();
    let text =
        format!("Send-MailMessage -From a@b.c -To a@b.c -Subject x -SmtpServer 127.0.0.1 -Port {port}\n'goes on'");
    let file = script(&exsh, &text);
    let ran = exsh.run(&["run", "-v", &file]).expect(0);
    assert_eq!(ran.stdout, "goes on\n");
    assert!(ran.stderr.contains("SmtpException"), "{}", ran.stderr);
}

#[test]
fn local_time_follows_the_rules_of_its_zone() {
    let exsh = Exsh::new();
    let file = script(
        &exsh,
        "foreach ($d in '2024-07-01 12:00', '2024-01-01 12:00') { ([datetime]$d).ToUniversalTime().ToString('o') }\n\
         (Get-Date).AddMonths(6).ToString('o')\n([datetime]'2024-07-01T12:00:00Z').ToString('s')\n\
         (Get-TimeZone).Id; (Get-Date).IsDaylightSavingTime()",
    );
    let clock = ["--now", "2024-01-15T10:00:00", "--time-zone", "Europe/Oslo"];
    let ran = exsh.run(&[&["run", file.as_str()], &clock[..]].concat()).expect(0);
    assert_eq!(
        ran.stdout,
        "2024-07-01T10:00:00.0000000Z\n2024-01-01T11:00:00.0000000Z\n2024-07-15T10:00:00.0000000+02:00\n\
         2024-07-01T14:00:00\nEurope/Oslo\nFalse\n",
        "{}",
        ran.stderr
    );
}

#[test]
fn questions_of_the_host_are_answered_from_standard_input_in_a_sandbox() {
    let exsh = Exsh::new();
    let file = script(
        &exsh,
        "$choices = [System.Management.Automation.Host.ChoiceDescription[]]('&Yes', '&No')\n\
         $answer = $Host.UI.PromptForChoice('Remove', 'Really?', $choices, 1)\n\
         \"chose $answer\"; $Host.UI.ReadLine(); [Console]::ReadLine()",
    );
    let inside = exsh.home().join("box").display().to_string();
    let ran = exsh.run_with_input(&["run", &file, "--sandbox", &inside], "y\none\ntwo\n").expect(0);
    let question = "\nRemove\nReally?\n[Y] Yes  [N] No  [?] Help (default is \"N\"): y\n";
    assert_eq!(ran.stdout, format!("{question}chose 0\none\none\ntwo\n"), "{}", ran.stderr);
}

#[test]
fn a_transcript_holds_what_was_shown() {
    let exsh = Exsh::new();
    let inside = exsh.home().join("box");
    let file = script(
        &exsh,
        "Start-Transcript C:\\log.txt | Out-Null\n'said'\nWrite-Warning 'careful'\n[pscustomobject]@{ A = 1 }\n\
         Stop-Transcript | Out-Null\n'unheard'",
    );
    std::fs::create_dir_all(inside.join("C")).unwrap();
    exsh.run(&["run", &file, "--sandbox", &inside.display().to_string()]).expect(0);
    let log = std::fs::read_to_string(inside.join("C/log.txt")).unwrap();
    assert!(log.contains("said\nWARNING: careful\n"), "{log}");
    assert!(log.contains("A\n-\n1\n") && !log.contains("unheard"), "{log}");
}

#[test]
fn an_error_says_where_in_the_script_it_is_from() {
    let exsh = Exsh::new();
    let text = "function Read-One($name) {\n    Get-Mailbox $name\n}\n'begins'\nRead-One nobody\nStart-Job { 1 }\nthrow 'enough'\n";
    let ran = exsh.run(&["run", "--connect", "demo:", &script(&exsh, text)]).expect(1);
    assert_eq!(ran.stdout, "begins\n");
    let errors: Vec<&str> = ran.stderr.lines().collect();
    assert_eq!(errors.len(), 6, "{}", ran.stderr);
    assert_eq!(errors[1], " --> script.ps1:2: Get-Mailbox $name", "in the function, not where it was called");
    assert!(errors[2].starts_with("error: exsh does not carry out Start-Job;"), "{}", errors[2]);
    assert_eq!(
        errors[3..],
        [" --> script.ps1:6: Start-Job { 1 }", "error: enough", " --> script.ps1:7: throw 'enough'"]
    );
    let kept = "import \"powershell\" as ps;\nfn read_one(name) {\n    get_mailbox(name);\n}\nread_one(\"nobody\");\nthrow \"enough\";\n";
    let path = exsh.home().join("kept.rhai");
    std::fs::write(&path, kept).unwrap();
    let ran = exsh.run(&["--profile", "demo:", "run", &path.display().to_string()]).expect(1);
    assert!(ran.stderr.contains("\n --> kept.rhai:3: get_mailbox(name);\n"), "{}", ran.stderr);
    assert!(ran.stderr.ends_with("error: enough\n --> kept.rhai:6: throw \"enough\";\n"), "{}", ran.stderr);
}

#[test]
fn a_script_that_cannot_be_read_shows_every_place_and_does_not_begin() {
    let exsh = Exsh::new();
    let ran = exsh.run(&["run", &script(&exsh, "'begins'\nif ($x { 1 }\n$y = 1 +\n")]).expect(1);
    assert_eq!(ran.stdout, "");
    assert_eq!(ran.stderr.matches(" --> script.ps1:").count(), 2, "{}", ran.stderr);
    assert!(ran.stderr.contains(" --> script.ps1:2:") && ran.stderr.contains("2 | if ($x { 1 }\n"), "{}", ran.stderr);
    let path = exsh.home().join("kept.rhai");
    std::fs::write(&path, "import \"powershell\" as ps;\nlet x = 1 + ;\n").unwrap();
    let ran = exsh.run(&["run", &path.display().to_string()]).expect(1);
    assert!(ran.stderr.contains(" --> kept.rhai:2:13") && ran.stderr.contains("let x = 1 + ;"), "{}", ran.stderr);
}
